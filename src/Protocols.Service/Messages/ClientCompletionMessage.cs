namespace Tandem.Protocols.Service;

/// <summary>Carries a client's result back to the app server that asked. An empty payload says that the asker has its result already.</summary>
/// <remarks>Type 35; both.</remarks>
public sealed class ClientCompletionMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ClientCompletionMessage(
        string invocationId,
        string connectionId,
        string callerServerId,
        string protocol,
        ReadOnlyMemory<byte> payload)
    {
        InvocationId = invocationId;
        ConnectionId = connectionId;
        CallerServerId = callerServerId;
        Protocol = protocol;
        Payload = payload;
    }

    /// <summary>Id of the question.</summary>
    public string InvocationId { get; }

    /// <summary>The client that answered.</summary>
    public string ConnectionId { get; }

    /// <summary>Id of the app server that sends it (upwards), or that asked (downwards).</summary>
    public string CallerServerId { get; }

    /// <summary>Hub protocol of the payload.</summary>
    public string Protocol { get; }

    /// <summary>The completion message as the client sent it, framing included.</summary>
    public ReadOnlyMemory<byte> Payload { get; }
}
