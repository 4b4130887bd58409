namespace Tandem.Protocols.Service;

/// <summary>Answers the handshake request.</summary>
/// <remarks>Type 2; gateway → app server.</remarks>
public sealed class HandshakeResponseMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public HandshakeResponseMessage(string? error, string? connectionId = null)
    {
        Error = error;
        ConnectionId = connectionId;
    }

    /// <summary>Why the connection is refused; null or empty when it is accepted.</summary>
    public string? Error { get; }

    /// <summary>The gateway's name for the server connection; informational.</summary>
    public string? ConnectionId { get; }
}
