namespace Tandem.Protocols.Service;

/// <summary>A message to all connections of listed users.</summary>
/// <remarks>Type 9; app server → gateway.</remarks>
public sealed class MultiUserDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public MultiUserDataMessage(IReadOnlyList<string> userIds, ServicePayloads payloads)
    {
        UserIds = userIds;
        Payloads = payloads;
    }

    /// <summary>The users.</summary>
    public IReadOnlyList<string> UserIds { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
