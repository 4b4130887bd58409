namespace Tandem.Protocols.Service;

/// <summary>A message to the members of several groups. A member of two of them gets it twice.</summary>
/// <remarks>Type 14; app server → gateway.</remarks>
public sealed class MultiGroupBroadcastDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public MultiGroupBroadcastDataMessage(IReadOnlyList<string> groupNames, ServicePayloads payloads)
    {
        GroupNames = groupNames;
        Payloads = payloads;
    }

    /// <summary>The groups.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
