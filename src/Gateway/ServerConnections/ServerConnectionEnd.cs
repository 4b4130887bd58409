namespace Tandem.Gateway.ServerConnections;

/// <summary>The one cause that ended a server connection. The first cause wins.</summary>
internal enum ServerConnectionEnd
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The app server closed it.</summary>
    AppServerClosed,

    /// <summary>The socket broke.</summary>
    TransportFailed,

    /// <summary>It was silent, or took nothing, for too long.</summary>
    Timeout,

    /// <summary>No handshake came in time.</summary>
    HandshakeTimeout,

    /// <summary>The handshake asks for something this gateway does not have.</summary>
    HandshakeRefused,

    /// <summary>The bytes are no service protocol.</summary>
    ProtocolViolation,

    /// <summary>Too many of the gateway's own messages wait: the app server does not read.</summary>
    Backlog,

    /// <summary>The gateway shuts down.</summary>
    Shutdown,

    /// <summary>The gateway failed.</summary>
    InternalError,
}
