using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Servers;

/// <summary>One WebSocket from an app server to this node, carrying many client connections. Implemented by the gateway.</summary>
public interface IServerConnection
{
    /// <summary>Name of the connection, made by the app server (<c>cid</c>) or, without one, by the gateway.</summary>
    string ServerConnectionId { get; }

    /// <summary>Name of the app server process; many connections share it.</summary>
    string ServerId { get; }

    /// <summary>The hub it serves.</summary>
    HubState Hub { get; }

    /// <summary>The family of clients it serves.</summary>
    ProtocolFamily Family { get; }

    /// <summary>What it is for.</summary>
    ServerConnectionKind Kind { get; }

    /// <summary>Whether its clients may be moved.</summary>
    MigrationLevel MigrationLevel { get; }

    /// <summary>Whether it may be given clients now: not weak, not shutting down, not lost.</summary>
    bool AcceptsClients { get; }

    /// <summary>The clients paired with it. Retired when the connection is lost.</summary>
    MemberSet Clients { get; }

    /// <summary>Writes a message of the gateway's own. Never waits: the connection is ended when too much is queued.</summary>
    void Send(ServiceMessage message);

    /// <summary>
    /// Begins a pairing: writes the messages that announce the client, in one step with making the pairing active.
    /// </summary>
    /// <param name="pairing">A new pairing.</param>
    /// <param name="open">Announces the client.</param>
    /// <param name="handshake">The client's handshake, which follows at once; null for protocols that have none.</param>
    /// <returns>False when the connection no longer takes clients; nothing was written.</returns>
    bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake);

    /// <summary>
    /// Ends a pairing, and tells the app server in the same step. Does nothing when the pairing is no longer active.
    /// </summary>
    /// <param name="pairing">The pairing.</param>
    /// <param name="message">What the app server is told; null when it knows.</param>
    /// <param name="clientMoves">The client goes on at another app server.</param>
    /// <returns>True when this call ended it.</returns>
    bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves);

    /// <summary>Writes client data, in call order for one client. Waits while too much is queued; that is the back-pressure.</summary>
    /// <param name="pairing">The pairing the data belongs to.</param>
    /// <param name="payload">The bytes; read before the call returns its task, or while it waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the pairing was not active, and nothing was written.</returns>
    ValueTask<bool> SendDataAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken);
}
