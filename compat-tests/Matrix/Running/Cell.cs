namespace Tandem.Compat.Matrix.Running;

/// <summary>What became of one scenario in one run.</summary>
/// <param name="Outcome">In short.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Reason">Of a limit, or what went wrong; empty where it passed.</param>
/// <param name="Tries">How often the run was played for it.</param>
internal sealed record Cell(Outcome Outcome, int Milliseconds, string Reason = "", int Tries = 1);
