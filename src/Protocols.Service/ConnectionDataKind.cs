namespace Tandem.Protocols.Service;

/// <summary>What the bytes of a connection data message are. The values are those of the wire (extension key 5).</summary>
public enum ConnectionDataKind
{
    /// <summary>The sender does not say.</summary>
    Unknown = 0,

    /// <summary>The handshake request or response.</summary>
    Handshake = 1,

    /// <summary>An invocation.</summary>
    Invocation = 2,

    /// <summary>Any other hub message.</summary>
    Other = 3,

    /// <summary>The hub's close message.</summary>
    Close = 4,
}
