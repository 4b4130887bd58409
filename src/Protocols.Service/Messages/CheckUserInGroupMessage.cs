namespace Tandem.Protocols.Service;

/// <summary>Asks whether a user is in a group.</summary>
/// <remarks>Type 21; app server → gateway.</remarks>
public sealed class CheckUserInGroupMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CheckUserInGroupMessage(string userId, string groupName, int ackId)
    {
        UserId = userId;
        GroupName = groupName;
        AckId = ackId;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The group.</summary>
    public string GroupName { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }
}
