namespace Tandem.Protocols.Service;

/// <summary>Ends every client connection of the hub.</summary>
/// <remarks>Type 31; app server → gateway.</remarks>
public sealed class CloseConnectionsWithAckMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CloseConnectionsWithAckMessage(string? reason, int ackId, IReadOnlyList<string> excludedConnectionIds)
    {
        Reason = reason;
        AckId = ackId;
        ExcludedConnectionIds = excludedConnectionIds;
    }

    /// <summary>Text the clients are told.</summary>
    public string? Reason { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }

    /// <summary>Connection ids that stay.</summary>
    public IReadOnlyList<string> ExcludedConnectionIds { get; }
}
