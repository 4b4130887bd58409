namespace Tandem.Protocols.Service;

/// <summary>Takes a connection out of a group.</summary>
/// <remarks>Type 12, with an ack id 19; app server → gateway.</remarks>
public sealed class LeaveGroupMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public LeaveGroupMessage(string connectionId, string? groupName, int? ackId = null)
    {
        ConnectionId = connectionId;
        GroupName = groupName;
        AckId = ackId;
    }

    /// <summary>Connection id of the member.</summary>
    public string ConnectionId { get; }

    /// <summary>The group; null means every group of the connection.</summary>
    public string? GroupName { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats; null when no answer is wanted.</summary>
    public int? AckId { get; }
}
