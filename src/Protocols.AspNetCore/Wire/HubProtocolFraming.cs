namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>How a hub protocol separates its messages.</summary>
internal enum HubProtocolFraming
{
    /// <summary>Each message ends with the byte 0x1E (json).</summary>
    RecordSeparator,

    /// <summary>Each message follows its length (messagepack, blazorpack).</summary>
    LengthPrefix,

    /// <summary>Unknown: bytes pass as they come.</summary>
    Opaque,
}
