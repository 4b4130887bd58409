namespace Tandem.Protocols.Service;

/// <summary>Tells the app server that asked for a client result which gateway instance holds the client.</summary>
/// <remarks>Type 37; gateway → app server.</remarks>
public sealed class ServiceMappingMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ServiceMappingMessage(string invocationId, string connectionId, string instanceId)
    {
        InvocationId = invocationId;
        ConnectionId = connectionId;
        InstanceId = instanceId;
    }

    /// <summary>Id of the question.</summary>
    public string InvocationId { get; }

    /// <summary>The client.</summary>
    public string ConnectionId { get; }

    /// <summary>The gateway instance.</summary>
    public string InstanceId { get; }
}
