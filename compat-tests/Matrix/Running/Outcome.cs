namespace Tandem.Compat.Matrix.Running;

/// <summary>Of a scenario.</summary>
internal enum Outcome
{
    /// <summary>It held.</summary>
    Pass,

    /// <summary>It cannot hold, for a known reason.</summary>
    Limit,

    /// <summary>It did not hold.</summary>
    Fail,
}
