namespace Tandem.Protocols.Service;

/// <summary>A message to the members of one group.</summary>
/// <remarks>Type 13; app server → gateway.</remarks>
public sealed class GroupBroadcastDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public GroupBroadcastDataMessage(
        string groupName,
        IReadOnlyList<string> excludedConnectionIds,
        ServicePayloads payloads,
        IReadOnlyList<string> excludedUserIds,
        string? callerUserId = null)
    {
        GroupName = groupName;
        ExcludedConnectionIds = excludedConnectionIds;
        Payloads = payloads;
        ExcludedUserIds = excludedUserIds;
        CallerUserId = callerUserId;
    }

    /// <summary>The group.</summary>
    public string GroupName { get; }

    /// <summary>Connection ids that do not get it.</summary>
    public IReadOnlyList<string> ExcludedConnectionIds { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }

    /// <summary>Users whose connections do not get it.</summary>
    public IReadOnlyList<string> ExcludedUserIds { get; }

    /// <summary>User on whose behalf it is sent; informational.</summary>
    public string? CallerUserId { get; }
}
