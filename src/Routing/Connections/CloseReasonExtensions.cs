namespace Tandem.Routing.Connections;

/// <summary>What follows from a close reason.</summary>
public static class CloseReasonExtensions
{
    /// <summary>Whether a client should connect anew after this, as far as the gateway can tell.</summary>
    public static bool ShouldReconnect(this CloseReason reason) => reason is
        CloseReason.ServerConnectionLost or CloseReason.Shutdown or CloseReason.NoServerAvailable or CloseReason.Overloaded
        or CloseReason.TokenExpired or CloseReason.KeepAliveTimeout or CloseReason.TransportFailed or CloseReason.SlowConsumer
        or CloseReason.InternalError;

    /// <summary>One sentence for the client and the app server. Holds nothing secret.</summary>
    public static string Describe(this CloseReason reason) => reason switch
    {
        CloseReason.ClientClosed => "The client closed the connection.",
        CloseReason.AppServerClosed => "The app server closed the connection.",
        CloseReason.ServerConnectionLost => "The app server that served this connection is gone. Reconnect.",
        CloseReason.Shutdown => "The gateway is shutting down. Reconnect.",
        CloseReason.NoServerAvailable => "No app server is connected for this hub. Try again later.",
        CloseReason.HandshakeTimeout => "The handshake did not arrive in time.",
        CloseReason.HandshakeInvalid => "The handshake is not valid.",
        CloseReason.ProtocolViolation => "The client broke the protocol.",
        CloseReason.MessageTooLarge => "A message is larger than the gateway allows.",
        CloseReason.Overloaded => "The gateway has no room for another connection. Try again later.",
        CloseReason.TokenRejected => "The access token was rejected.",
        CloseReason.TokenExpired => "The user's authentication has expired. Reconnect with a new token.",
        CloseReason.KeepAliveTimeout => "The client was silent for too long.",
        CloseReason.TransportFailed => "The transport failed.",
        CloseReason.SlowConsumer => "The client did not read its messages fast enough.",
        CloseReason.InternalError => "The gateway failed.",
        _ => "The connection is closed.",
    };

    /// <summary>The value of metric tags: the name in snake case.</summary>
    public static string ToTag(this CloseReason reason) => reason switch
    {
        CloseReason.ClientClosed => "client_closed",
        CloseReason.AppServerClosed => "app_server_closed",
        CloseReason.ServerConnectionLost => "server_connection_lost",
        CloseReason.Shutdown => "shutdown",
        CloseReason.NoServerAvailable => "no_server_available",
        CloseReason.HandshakeTimeout => "handshake_timeout",
        CloseReason.HandshakeInvalid => "handshake_invalid",
        CloseReason.ProtocolViolation => "protocol_violation",
        CloseReason.MessageTooLarge => "message_too_large",
        CloseReason.Overloaded => "overloaded",
        CloseReason.TokenRejected => "token_rejected",
        CloseReason.TokenExpired => "token_expired",
        CloseReason.KeepAliveTimeout => "keep_alive_timeout",
        CloseReason.TransportFailed => "transport_failed",
        CloseReason.SlowConsumer => "slow_consumer",
        CloseReason.InternalError => "internal_error",
        _ => "none",
    };
}
