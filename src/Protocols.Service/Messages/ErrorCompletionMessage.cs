namespace Tandem.Protocols.Service;

/// <summary>Says that a client result will not come.</summary>
/// <remarks>Type 36; gateway → app server.</remarks>
public sealed class ErrorCompletionMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ErrorCompletionMessage(string invocationId, string connectionId, string callerServerId, string error)
    {
        InvocationId = invocationId;
        ConnectionId = connectionId;
        CallerServerId = callerServerId;
        Error = error;
    }

    /// <summary>Id of the question.</summary>
    public string InvocationId { get; }

    /// <summary>The client that was asked.</summary>
    public string ConnectionId { get; }

    /// <summary>Id of the app server that asked.</summary>
    public string CallerServerId { get; }

    /// <summary>Why.</summary>
    public string Error { get; }
}
