using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <content>Which server connection a client is paired with, how that begins, moves and ends, and the bytes that go up in between.</content>
public sealed partial class ConnectionRouter
{
    /// <summary>
    /// Forwards whole hub messages of the client to its app server, in call order. Awaiting it is the back-pressure. False when the
    /// connection has ended.
    /// </summary>
    /// <exception cref="ProtocolViolationException">The client is to be translated and sent what is no message.</exception>
    public ValueTask<bool> ReceiveAsync(ClientConnection connection, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // A client without any pairing ended before it was paired.
        return connection.IsMixed ? ReceiveMixedAsync(connection, payload, cancellationToken)
            : connection.Pairing is { } pairing ? SendUpAsync(pairing, payload, cancellationToken)
            : new ValueTask<bool>(false);
    }

    private async ValueTask<bool> SendUpAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        while (!await pairing.Server.SendDataAsync(pairing, payload, cancellationToken))
        {
            if (pairing.State != PairingState.Moving)
            {
                return false;
            }

            await pairing.Moved.Task.WaitAsync(cancellationToken);
            if (pairing.Client.Pairing is not { } next || ReferenceEquals(next, pairing))
            {
                return false;
            }

            pairing = next;
        }

        _metrics.MessageUp(payload.Length);
        return true;
    }

    /// <summary>
    /// Moves a client from a server connection that shuts down to another app server: same connection id, same groups, the stored
    /// handshake again. False when it cannot be moved.
    /// </summary>
    internal bool TryMove(ClientConnection connection, IServerConnection from, IServerConnection to)
    {
        if (connection.Pairing is not { Translator: null } pairing || !ReferenceEquals(pairing.Server, from) || connection.OpenMessage is not { } open)
        {
            // Nobody who is translated moves: his session is not in the handshake alone.
            return false;
        }

        if (!pairing.IsOpened || !from.EndPairing(pairing, MigrationClose(connection, to), clientMoves: true))
        {
            return false;
        }

        from.Clients.Remove(connection, retireIfEmpty: false);
        var moved = false;
        try
        {
            var headers = open.Headers.Append(new(ServiceHeaders.MigrateFrom, [from.ServerId])).ToArray();
            moved = TryPairMoved(connection, to, new OpenConnectionMessage(open.ConnectionId, open.Claims, headers, open.QueryString, open.Protocol));
        }
        finally
        {
            // Whatever happened: data of the client waits for this.
            pairing.Moved.TrySetResult();
            if (!moved)
            {
                Disconnect(connection, CloseReason.ServerConnectionLost);
            }
        }

        _invocations.ClientMoved(connection);
        return moved;
    }

    /// <summary>
    /// Pairs a client anew whose server connection was lost and that survived it (<see cref="IPhysicalConnection.SurvivesServer"/>): same id, same
    /// groups, a new opening at whatever app server is there, waiting for one as at first. One call at a time for a connection.
    /// </summary>
    /// <returns><see cref="CloseReason.None"/> when the client is paired, or was all the time; otherwise why not, and the connection goes on without.</returns>
    public async ValueTask<CloseReason> PairAgainAsync(ClientConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.OpenMessage is not { } open)
        {
            return CloseReason.InternalError;
        }

        // All or none: which hubs an app server knows the client in is settled when it is told of it.
        var request = Request(connection, null, false, _time.GetTimestamp());
        while (!connection.IsClosed)
        {
            if (IsServed(connection))
            {
                return CloseReason.None;
            }

            EndPairings(connection, CloseReason.ServerConnectionLost, "The app server of another hub of the client was lost.", null);
            if (await _servers.FindAsync(request, cancellationToken) is not { } plan)
            {
                var reason = _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable;
                Refuse(connection.Hub.Key, reason);
                return reason;
            }

            if (TryPair(connection, plan, open))
            {
                return CloseReason.None;
            }
        }

        return CloseReason.ClientClosed;
    }

    /// <summary>The server connection of a client is lost: the client ends, unless it can go on without and be paired anew.</summary>
    internal void LoseServer(ClientConnection connection, IServerConnection server)
    {
        if (!connection.Physical.SurvivesServer)
        {
            Disconnect(connection, CloseReason.ServerConnectionLost, null, knows: server);
        }
        else if (connection.PairingWith(server) is not null)
        {
            // All of them: the client comes back with its calls forgotten, whoever was to answer them.
            EndPairings(connection, CloseReason.ServerConnectionLost, null, knows: server);
            _invocations.ClientMoved(connection);
            connection.Physical.OnServerLost(connection);
        }
    }

    private static OpenConnectionMessage OpenMessage(ClientDescriptor client) =>
        new(client.ConnectionId, client.Claims, client.Headers, client.QueryString, client.Encoder.HubProtocol);

    private static CloseConnectionMessage MigrationClose(ClientConnection connection, IServerConnection to) =>
        new(connection.ConnectionId, null, [new(ServiceHeaders.MigrateTo, [to.ServerId])]);

    private static int Draw() => Random.Shared.Next(100);

    private static ServingRequest Request(ClientConnection connection, string? stickyServerId, bool stickyRequired, long since) => new(
        connection.Hub, connection.MemberHubs, connection.Encoder.Family, connection.Encoder.Dialect is not null, stickyServerId, stickyRequired, since, Draw());

    private static bool IsServed(ClientConnection connection) =>
        connection.Pairing is { State: PairingState.Active } or null
        && Array.TrueForAll(connection.HubPairings, static pairing => pairing.State == PairingState.Active)
        && (connection.Pairing is not null || connection.HubPairings.Length > 0);

    /// <summary>Pairs the client with the server connections of the plan: with all of them, or with none.</summary>
    private bool TryPair(ClientConnection connection, ServingPlan plan, OpenConnectionMessage open)
    {
        // Before the openings are written, so that the answers find the pairings.
        var isFirst = connection.Pairing is null && connection.HubPairings.Length == 0;
        var main = plan.Main is null ? null : NewPairing(connection, plan.Main, connection.Hub);
        Pairing[] byHub = plan.Hubs.Count == 0 ? [] : [.. plan.Hubs.Select(part => NewPairing(connection, part.Server, part.Hub))];
        connection.Pairing = main;
        connection.HubPairings = byHub;
        if ((main is not null && !TryBegin(main, MainOpening(connection, main, byHub, open)))
            || !Array.TrueForAll(byHub, pairing => TryBegin(pairing, WithQuery(open, open.QueryString))))
        {
            EndPairings(connection, CloseReason.NoServerAvailable, null, null);
            if (isFirst)
            {
                connection.Pairing = null;
                connection.HubPairings = [];
            }

            return false;
        }

        OpenQueue(connection, main);
        if (connection.Physical.SurvivesServer || main is { Translator: null, Server.MigrationLevel: not MigrationLevel.Off })
        {
            connection.OpenMessage = open;
        }

        if (connection.IsClosed)
        {
            // Whoever ended the connection before its pairings could be seen has not ended them.
            EndPairings(connection, CloseReason.ClientClosed, null, null);
        }

        return true;
    }

    private Pairing NewPairing(ClientConnection connection, IServerConnection server, HubState hub) =>
        new(connection, server, server.Family == connection.Encoder.Family ? null : NewTranslator(connection, server.Family, hub));

    /// <summary>A client that waits for the answer to its handshake gets it from its app server, or from here when that one knows no handshakes.</summary>
    private static void OpenQueue(ClientConnection connection, Pairing? main)
    {
        if (connection.Handshake.IsEmpty)
        {
            connection.Queue.Open(null);
        }
        else if (main is { Translator: not null })
        {
            connection.Queue.Open(new Frame(connection.Encoder.Encode(connection.Encoder.Dialect!.HandshakeResponse)));
        }
        else
        {
            return;
        }

        main?.IsOpened = true;
    }

    private static bool TryPairMoved(ClientConnection connection, IServerConnection server, OpenConnectionMessage open)
    {
        // A handshake has been answered once; the new app server swallows its own answer.
        var pairing = new Pairing(connection, server) { IsOpened = true };
        if (!TryBegin(pairing, open))
        {
            return false;
        }

        // Only now: data of the client that found a pairing which is not active yet would take the connection for ended.
        connection.Pairing = pairing;
        if (connection.IsClosed)
        {
            EndPairings(connection, CloseReason.ClientClosed, null, null);
        }

        return true;
    }

    private static bool TryBegin(Pairing pairing, OpenConnectionMessage open)
    {
        var (connection, server) = (pairing.Client, pairing.Server);
        if (!server.Clients.TryAdd(connection))
        {
            return false;
        }

        var handshake = pairing.Translator?.Handshake ?? connection.Handshake;
        var begun = false;
        try
        {
            begun = server.BeginPairing(pairing, open, handshake.IsEmpty ? null : new ConnectionDataMessage(connection.ConnectionId, handshake));
        }
        finally
        {
            if (!begun)
            {
                server.Clients.Remove(connection, retireIfEmpty: false);
            }
        }

        return begun;
    }

    /// <param name="connection">The client.</param>
    /// <param name="reason">Why its pairings end.</param>
    /// <param name="message">Text of whoever ended them; null for the reason's own.</param>
    /// <param name="knows">The server connection of the app server that ended them.</param>
    private static void EndPairings(ClientConnection connection, CloseReason reason, string? message, IServerConnection? knows)
    {
        if (connection.Pairing is { } main)
        {
            EndPairing(main, reason, message, knows);
        }

        foreach (var pairing in connection.HubPairings)
        {
            EndPairing(pairing, reason, message, knows);
        }
    }

    private static void EndPairing(Pairing pairing, CloseReason reason, string? message, IServerConnection? knows)
    {
        var client = pairing.Client;
        pairing.Server.Clients.Remove(client, retireIfEmpty: false);
        var error = reason == CloseReason.ClientClosed ? null : message ?? reason.Describe();
        var close = ReferenceEquals(pairing.Server, knows) ? null : new CloseConnectionMessage(client.ConnectionId, error, []);
        pairing.Server.EndPairing(pairing, close, clientMoves: false);
    }
}
