using Tandem.Routing.Messages;

namespace Tandem.Routing.Connections;

/// <summary>
/// The socket or polls of one client, as the core sees it. Implemented by the protocol adapters. Calls come from any thread and
/// must not block.
/// </summary>
public interface IPhysicalConnection
{
    /// <summary>What waits for the client.</summary>
    OutboundQueue Queue { get; }

    /// <summary>
    /// Whether the client can go on without its app server and be paired anew (<see cref="ConnectionRouter.PairAgainAsync"/>), as a classic
    /// client does when it reconnects. Otherwise the loss of the server connection ends it.
    /// </summary>
    bool SurvivesServer => false;

    /// <summary>The server connection that served the client is lost. Only called when it <see cref="SurvivesServer"/>.</summary>
    void OnServerLost(ClientConnection connection)
    {
    }

    /// <summary>
    /// Takes data of the app server that is for something else than the receiving side, such as the answer to a POST that waits for it.
    /// Asked for classic clients only.
    /// </summary>
    /// <returns>True when it was taken; false lets it be queued.</returns>
    bool TryTake(ClientConnection connection, Frame frame) => false;

    /// <summary>A logical connection has ended and is already forgotten. Tell the client in its protocol and end what served only that.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">Text of whoever closed it; null when there is none.</param>
    void OnDisconnected(ClientConnection connection, CloseReason reason, string? message);

    /// <summary>Writing to the transport failed; it is already detached and aborted.</summary>
    void OnTransportFailed(IClientTransport transport, Exception exception);
}
