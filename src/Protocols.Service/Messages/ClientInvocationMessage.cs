namespace Tandem.Protocols.Service;

/// <summary>Asks one client for a result. The gateway passes it to the app server that serves the client, if that is another one.</summary>
/// <remarks>Type 34; both.</remarks>
public sealed class ClientInvocationMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ClientInvocationMessage(string invocationId, string connectionId, string callerServerId, ServicePayloads payloads)
    {
        InvocationId = invocationId;
        ConnectionId = connectionId;
        CallerServerId = callerServerId;
        Payloads = payloads;
    }

    /// <summary>Id of the question; unique across app servers.</summary>
    public string InvocationId { get; }

    /// <summary>The client that is asked.</summary>
    public string ConnectionId { get; }

    /// <summary>Id of the app server that asks.</summary>
    public string CallerServerId { get; }

    /// <summary>The invocation in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
