namespace Tandem.Protocols.Service;

/// <summary>One command or event of the service protocol, which app servers and the gateway speak with each other.</summary>
/// <remarks>Messages are immutable but for <see cref="TracingId"/>. A message that was read refers to the memory of its frame.</remarks>
public abstract class ServiceMessage
{
    private protected ServiceMessage()
    {
    }

    /// <summary>
    /// Number that ties log lines about one message together (extension key 1); null when nobody traces it. Handshakes, pings,
    /// acks, errors, events, access keys, service mappings and reconnects are written without it: SDKs do not expect it there.
    /// </summary>
    public ulong? TracingId { get; set; }
}
