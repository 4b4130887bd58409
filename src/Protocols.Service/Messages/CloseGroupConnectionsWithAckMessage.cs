namespace Tandem.Protocols.Service;

/// <summary>Ends every connection of a group.</summary>
/// <remarks>Type 33; app server → gateway.</remarks>
public sealed class CloseGroupConnectionsWithAckMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CloseGroupConnectionsWithAckMessage(string groupName, string? reason, int ackId, IReadOnlyList<string> excludedConnectionIds)
    {
        GroupName = groupName;
        Reason = reason;
        AckId = ackId;
        ExcludedConnectionIds = excludedConnectionIds;
    }

    /// <summary>The group.</summary>
    public string GroupName { get; }

    /// <summary>Text the clients are told.</summary>
    public string? Reason { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }

    /// <summary>Connection ids that stay.</summary>
    public IReadOnlyList<string> ExcludedConnectionIds { get; }
}
