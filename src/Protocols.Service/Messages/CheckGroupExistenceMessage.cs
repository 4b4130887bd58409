namespace Tandem.Protocols.Service;

/// <summary>Asks whether a group has a member.</summary>
/// <remarks>Type 23; app server → gateway.</remarks>
public sealed class CheckGroupExistenceMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CheckGroupExistenceMessage(string groupName, int ackId)
    {
        GroupName = groupName;
        AckId = ackId;
    }

    /// <summary>The group.</summary>
    public string GroupName { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }
}
