namespace Tandem.Protocols.Service;

/// <summary>Takes a user and all its connections out of a group.</summary>
/// <remarks>Type 17, with an ack id 27; app server → gateway.</remarks>
public sealed class UserLeaveGroupMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public UserLeaveGroupMessage(string userId, string? groupName, int? ackId = null)
    {
        UserId = userId;
        GroupName = groupName;
        AckId = ackId;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The group; null means every group of the user.</summary>
    public string? GroupName { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats; null when no answer is wanted.</summary>
    public int? AckId { get; }
}
