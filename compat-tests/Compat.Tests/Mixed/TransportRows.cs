namespace Tandem.Compat.Tests.Mixed;

/// <summary>Every transport.</summary>
public sealed class TransportRows : TheoryData<string>
{
    public TransportRows()
        : base(Combinations.Transports)
    {
    }
}
