namespace Tandem.Protocols.Service;

/// <summary>Bytes of one client: whole hub messages, framed in the client's own hub protocol.</summary>
/// <remarks>Type 6; both.</remarks>
public sealed class ConnectionDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ConnectionDataMessage(
        string connectionId,
        ReadOnlyMemory<byte> payload,
        ConnectionDataKind kind = ConnectionDataKind.Unknown,
        bool isPartial = false)
    {
        ConnectionId = connectionId;
        Payload = payload;
        Kind = kind;
        IsPartial = isPartial;
    }

    /// <summary>Connection id of the client.</summary>
    public string ConnectionId { get; }

    /// <summary>The bytes. Read messages slice the frame they came in.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>What newer SDKs say the bytes are (extension key 5).</summary>
    public ConnectionDataKind Kind { get; }

    /// <summary>More bytes of the same hub message follow (extension key 6).</summary>
    public bool IsPartial { get; }
}
