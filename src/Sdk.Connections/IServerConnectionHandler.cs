using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>What is told about a server connection. Called by its read loop, in wire order; must never block.</summary>
internal interface IServerConnectionHandler
{
    /// <summary>The connection has shaken hands; nothing has been read from it yet.</summary>
    void OnConnected(ServerConnectionClient connection);

    /// <summary>Bytes of a client arrived; by far the most frequent message, hence without an object.</summary>
    /// <param name="connectionId">The connection id in UTF-8; valid until the call returns.</param>
    /// <param name="payload">The bytes; valid until the call returns.</param>
    void OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload);

    /// <summary>Any other message arrived. Keep-alive is dealt with already.</summary>
    void OnMessage(ServerConnectionClient connection, ServiceMessage message);

    /// <summary>The connection ended, and with it all its clients. Called once, after the last message.</summary>
    void OnClosed(ServerConnectionClient connection, Exception? error);
}
