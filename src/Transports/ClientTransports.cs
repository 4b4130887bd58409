namespace Tandem.Transports;

/// <summary>The transports a client may use; the values are those of the token's <c>asrs.s.htt</c>.</summary>
[Flags]
public enum ClientTransports
{
    /// <summary>None yet.</summary>
    None = 0,

    /// <summary>WebSockets.</summary>
    WebSockets = 1,

    /// <summary>Server-sent events, with POST for the way up.</summary>
    ServerSentEvents = 2,

    /// <summary>Long polling, with POST for the way up.</summary>
    LongPolling = 4,

    /// <summary>All of them.</summary>
    All = WebSockets | ServerSentEvents | LongPolling,
}
