namespace Tandem.Protocols.Service;

/// <summary>A message to listed connections.</summary>
/// <remarks>Type 7; app server → gateway.</remarks>
public sealed class MultiConnectionDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public MultiConnectionDataMessage(IReadOnlyList<string> connectionIds, ServicePayloads payloads)
    {
        ConnectionIds = connectionIds;
        Payloads = payloads;
    }

    /// <summary>Connection ids of the recipients.</summary>
    public IReadOnlyList<string> ConnectionIds { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
