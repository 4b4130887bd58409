using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>What is told about a server connection. Called by its read loop, in wire order; must never block.</summary>
internal interface IServerConnectionHandler
{
    /// <summary>A message arrived. Keep-alive is dealt with already.</summary>
    void OnMessage(ServerConnectionClient connection, ServiceMessage message);

    /// <summary>The connection ended, and with it all its clients. Called once, after the last message.</summary>
    void OnClosed(ServerConnectionClient connection, Exception? error);
}
