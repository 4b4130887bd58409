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

    /// <summary>A logical connection has ended and is already forgotten. Tell the client in its protocol and end what served only that.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">Text of whoever closed it; null when there is none.</param>
    void OnDisconnected(ClientConnection connection, CloseReason reason, string? message);

    /// <summary>Writing to the transport failed; it is already detached and aborted.</summary>
    void OnTransportFailed(IClientTransport transport, Exception exception);
}
