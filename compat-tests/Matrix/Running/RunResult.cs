namespace Tandem.Compat.Matrix.Running;

/// <summary>What became of a run.</summary>
/// <param name="Run">Which.</param>
/// <param name="Cells">By the names of scenarios; those that are not for this client and server are missing.</param>
internal sealed record RunResult(Run Run, IReadOnlyDictionary<string, Cell> Cells);
