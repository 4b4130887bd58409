namespace Tandem.Protocols.Service;

/// <summary>Puts all present and future connections of a user into a group.</summary>
/// <remarks>Type 16, with an ack id 26; app server → gateway.</remarks>
public sealed class UserJoinGroupMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public UserJoinGroupMessage(string userId, string groupName, int? ttlSeconds = null, int? ackId = null)
    {
        UserId = userId;
        GroupName = groupName;
        TtlSeconds = ttlSeconds;
        AckId = ackId;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The group.</summary>
    public string GroupName { get; }

    /// <summary>Seconds for which future connections join (extension key 2); 0 means present connections only, null means until removed.</summary>
    public int? TtlSeconds { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats; null when no answer is wanted.</summary>
    public int? AckId { get; }
}
