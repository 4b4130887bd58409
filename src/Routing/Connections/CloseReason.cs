namespace Tandem.Routing.Connections;

/// <summary>
/// The one cause that ended a client connection. The first cause wins; it is what the client is told in its protocol, what
/// the log says and what the metrics count.
/// </summary>
public enum CloseReason
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The client closed.</summary>
    ClientClosed,

    /// <summary>The app server closed the connection (abort, the end of the hub's handler, or a management call).</summary>
    AppServerClosed,

    /// <summary>The server connection that served the client was lost. The client should come back.</summary>
    ServerConnectionLost,

    /// <summary>The gateway shuts down. The client should come back; another node, or the next process, takes it.</summary>
    Shutdown,

    /// <summary>No app server serves the hub. The client should come back later.</summary>
    NoServerAvailable,

    /// <summary>The client did not send its handshake in time.</summary>
    HandshakeTimeout,

    /// <summary>The client's handshake makes no sense.</summary>
    HandshakeInvalid,

    /// <summary>The client broke the protocol.</summary>
    ProtocolViolation,

    /// <summary>A message of the client, or for the client, is larger than allowed.</summary>
    MessageTooLarge,

    /// <summary>The gateway has no room for another connection. The client should come back later.</summary>
    Overloaded,

    /// <summary>The access token is missing, wrong, or for something else.</summary>
    TokenRejected,

    /// <summary>The user's authentication expired. The client should come back with a new token.</summary>
    TokenExpired,

    /// <summary>The client was silent for too long.</summary>
    KeepAliveTimeout,

    /// <summary>The client's transport broke, or did not come back in time.</summary>
    TransportFailed,

    /// <summary>The client did not read fast enough and its queue ran over its budget.</summary>
    SlowConsumer,

    /// <summary>The gateway failed. The client should come back.</summary>
    InternalError,
}
