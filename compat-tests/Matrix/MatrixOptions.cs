namespace Tandem.Compat.Matrix;

/// <summary>How the matrix is run.</summary>
/// <param name="Stages">Gateways at the same time, each with its app servers.</param>
/// <param name="BatchSize">Runs that share one of them at the same time.</param>
/// <param name="Parallelism">Runs of a batch that are busy at the same time.</param>
/// <param name="IsCheck">Whether nothing is written.</param>
internal sealed record MatrixOptions(int Stages = 2, int BatchSize = 80, int Parallelism = 6, bool IsCheck = false);
