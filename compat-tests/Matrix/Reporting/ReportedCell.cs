using Tandem.Compat.Matrix.Running;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>A cell in <c>docs/compatibility.json</c>.</summary>
/// <param name="Outcome">In short.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Reason">Of a limit, or what went wrong.</param>
/// <param name="Real">What came of it on the server itself, without a gateway, where it did not pass; null where that makes no sense.</param>
/// <param name="Tries">How often the run was played for it; null for once.</param>
internal sealed record ReportedCell(Outcome Outcome, int Milliseconds, string? Reason = null, Outcome? Real = null, int? Tries = null);
