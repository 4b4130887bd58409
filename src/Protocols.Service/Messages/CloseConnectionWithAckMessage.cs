namespace Tandem.Protocols.Service;

/// <summary>Ends one client connection and wants to know that it did.</summary>
/// <remarks>Type 30; app server → gateway.</remarks>
public sealed class CloseConnectionWithAckMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CloseConnectionWithAckMessage(string connectionId, string? reason, int ackId)
    {
        ConnectionId = connectionId;
        Reason = reason;
        AckId = ackId;
    }

    /// <summary>The connection.</summary>
    public string ConnectionId { get; }

    /// <summary>Text the client is told.</summary>
    public string? Reason { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }
}
