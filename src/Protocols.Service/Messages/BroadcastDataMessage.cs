namespace Tandem.Protocols.Service;

/// <summary>A message to every client of the hub.</summary>
/// <remarks>Type 10; app server → gateway.</remarks>
public sealed class BroadcastDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public BroadcastDataMessage(IReadOnlyList<string> excludedConnectionIds, ServicePayloads payloads)
    {
        ExcludedConnectionIds = excludedConnectionIds;
        Payloads = payloads;
    }

    /// <summary>Connection ids that do not get it.</summary>
    public IReadOnlyList<string> ExcludedConnectionIds { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
