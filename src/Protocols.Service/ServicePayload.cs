namespace Tandem.Protocols.Service;

/// <summary>A message in one hub protocol.</summary>
public readonly struct ServicePayload
{
    /// <summary>Makes the pair.</summary>
    public ServicePayload(string protocol, ReadOnlyMemory<byte> bytes)
    {
        Protocol = protocol;
        Bytes = bytes;
    }

    /// <summary>Name of the hub protocol, such as <c>json</c> or <c>messagepack</c>.</summary>
    public string Protocol { get; }

    /// <summary>The complete hub message, its framing included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
}
