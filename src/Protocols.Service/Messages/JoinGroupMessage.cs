namespace Tandem.Protocols.Service;

/// <summary>Makes a connection a member of a group until the connection ends.</summary>
/// <remarks>Type 11, with an ack id 18; app server → gateway.</remarks>
public sealed class JoinGroupMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public JoinGroupMessage(string connectionId, string groupName, int? ackId = null)
    {
        ConnectionId = connectionId;
        GroupName = groupName;
        AckId = ackId;
    }

    /// <summary>Connection id of the new member.</summary>
    public string ConnectionId { get; }

    /// <summary>The group; case-sensitive.</summary>
    public string GroupName { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats; null when no answer is wanted.</summary>
    public int? AckId { get; }
}
