using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <content>Which server connection a client is paired with, how that begins, moves and ends, and the bytes that go up in between.</content>
public sealed partial class ConnectionRouter
{
    /// <summary>
    /// Forwards whole hub messages of the client to its app server, in call order. Awaiting it is the back-pressure. False when the
    /// connection has ended.
    /// </summary>
    public async ValueTask<bool> ReceiveAsync(ClientConnection connection, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Pairing is not { } pairing)
        {
            // Ended before it was paired.
            return false;
        }

        while (!await pairing.Server.SendDataAsync(pairing, payload, cancellationToken))
        {
            if (pairing.State != PairingState.Moving)
            {
                return false;
            }

            await pairing.Moved.Task.WaitAsync(cancellationToken);
            if (connection.Pairing is not { } next || ReferenceEquals(next, pairing))
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
        if (connection.Pairing is not { } pairing || !ReferenceEquals(pairing.Server, from) || connection.OpenMessage is not { } open)
        {
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
            moved = TryPairAgain(connection, to, new OpenConnectionMessage(open.ConnectionId, open.Claims, headers, open.QueryString, open.Protocol));
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

        var start = _time.GetTimestamp();
        while (!connection.IsClosed)
        {
            if (connection.Pairing is { State: PairingState.Active })
            {
                return CloseReason.None;
            }

            if (await FindServerAsync(connection.Hub, connection.Encoder.Family, null, false, start, cancellationToken) is not { } server)
            {
                var reason = _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable;
                Refuse(connection.Hub.Key, reason);
                return reason;
            }

            if (TryPairAgain(connection, server, open))
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
            Disconnect(connection, CloseReason.ServerConnectionLost);
        }
        else if (connection.Pairing is { } pairing && ReferenceEquals(pairing.Server, server))
        {
            server.EndPairing(pairing, null, clientMoves: false);
            _invocations.ClientMoved(connection);
            connection.Physical.OnServerLost(connection);
        }
    }

    /// <summary>The hubs with these names, waiting for those that are not known yet; null when one does not come in time.</summary>
    private async ValueTask<HubState[]?> FindHubsAsync(IReadOnlyList<string> names, long since, CancellationToken cancellationToken)
    {
        // Only looked up, never made: clients choose these names.
        var found = names.Count == 0 ? [] : new HubState[names.Count];
        for (var i = 0; i < names.Count;)
        {
            var arrival = _hubs.NextArrival();
            if (_hubs.TryGet(names[i], out found[i]))
            {
                i++;
            }
            else if (_draining || !await ArrivesAsync(arrival, since, cancellationToken))
            {
                return null;
            }
        }

        return found;
    }

    private async ValueTask<IServerConnection?> FindServerAsync(
        HubState hub, ProtocolFamily family, string? stickyServerId, bool stickyRequired, long since, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Ask for the next arrival first: a server that comes, or a drain that begins, in between is seen by one or the other.
            var arrival = hub.Servers.NextArrival();
            if (_draining)
            {
                return null;
            }

            if (ServerSelector.Select(hub.Servers.Snapshot(), family, stickyServerId, stickyRequired) is { } server)
            {
                return server;
            }

            if (!await ArrivesAsync(arrival, since, cancellationToken))
            {
                return null;
            }
        }
    }

    /// <summary>Waits for an arrival, as long as a client waits for its app server.</summary>
    private async ValueTask<bool> ArrivesAsync(Task arrival, long since, CancellationToken cancellationToken)
    {
        var left = _options.WaitForServer - _time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await arrival.WaitAsync(left, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static OpenConnectionMessage OpenMessage(ClientDescriptor client) =>
        new(client.ConnectionId, client.Claims, client.Headers, client.QueryString, client.Encoder.HubProtocol);

    private static CloseConnectionMessage MigrationClose(ClientConnection connection, IServerConnection to) =>
        new(connection.ConnectionId, null, [new(ServiceHeaders.MigrateTo, [to.ServerId])]);

    private static bool TryPair(ClientConnection connection, IServerConnection server, OpenConnectionMessage open)
    {
        // Before the opening is written, so that the answer finds the pairing.
        var pairing = new Pairing(connection, server);
        connection.Pairing = pairing;
        if (!TryBegin(pairing, open))
        {
            connection.Pairing = null;
            return false;
        }

        if (connection.Handshake.IsEmpty)
        {
            pairing.IsOpened = true;
            connection.Queue.Open(null);
        }

        if (server.MigrationLevel != MigrationLevel.Off || connection.Physical.SurvivesServer)
        {
            connection.OpenMessage = open;
        }

        EndIfClosed(pairing);
        return true;
    }

    private static bool TryPairAgain(ClientConnection connection, IServerConnection server, OpenConnectionMessage open)
    {
        // A handshake has been answered once; the new app server swallows its own answer.
        var pairing = new Pairing(connection, server) { IsOpened = true };
        if (!TryBegin(pairing, open))
        {
            return false;
        }

        // Only now: data of the client that found a pairing which is not active yet would take the connection for ended.
        connection.Pairing = pairing;
        EndIfClosed(pairing);
        return true;
    }

    private static bool TryBegin(Pairing pairing, OpenConnectionMessage open)
    {
        var (connection, server) = (pairing.Client, pairing.Server);
        if (!server.Clients.TryAdd(connection))
        {
            return false;
        }

        var handshake = connection.Handshake.IsEmpty ? null : new ConnectionDataMessage(connection.ConnectionId, connection.Handshake);
        var begun = false;
        try
        {
            begun = server.BeginPairing(pairing, open, handshake);
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

    /// <summary>Whoever ended the connection before this pairing could be seen has not ended the pairing.</summary>
    private static void EndIfClosed(Pairing pairing)
    {
        if (pairing.Client.IsClosed)
        {
            EndPairing(pairing, CloseReason.ClientClosed, null, appServerKnows: false);
        }
    }

    private static void EndPairing(Pairing pairing, CloseReason reason, string? message, bool appServerKnows)
    {
        var client = pairing.Client;
        pairing.Server.Clients.Remove(client, retireIfEmpty: false);
        var error = reason == CloseReason.ClientClosed ? null : message ?? reason.Describe();
        pairing.Server.EndPairing(
            pairing,
            appServerKnows || reason == CloseReason.ServerConnectionLost ? null : new CloseConnectionMessage(client.ConnectionId, error, []),
            clientMoves: false);
    }
}
