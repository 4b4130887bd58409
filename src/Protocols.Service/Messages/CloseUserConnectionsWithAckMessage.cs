namespace Tandem.Protocols.Service;

/// <summary>Ends every connection of a user.</summary>
/// <remarks>Type 32; app server → gateway.</remarks>
public sealed class CloseUserConnectionsWithAckMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CloseUserConnectionsWithAckMessage(string userId, string? reason, int ackId, IReadOnlyList<string> excludedConnectionIds)
    {
        UserId = userId;
        Reason = reason;
        AckId = ackId;
        ExcludedConnectionIds = excludedConnectionIds;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>Text the clients are told.</summary>
    public string? Reason { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }

    /// <summary>Connection ids that stay.</summary>
    public IReadOnlyList<string> ExcludedConnectionIds { get; }
}
