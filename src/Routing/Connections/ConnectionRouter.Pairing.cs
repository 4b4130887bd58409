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
            moved = TryPairAgain(connection, to, open, from.ServerId);
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

    private async ValueTask<IServerConnection?> FindServerAsync(
        HubState hub, string? stickyServerId, bool stickyRequired, long since, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Ask for the next arrival first: a server that comes, or a drain that begins, in between is seen by one or the other.
            var arrival = hub.Servers.NextArrival();
            if (_draining)
            {
                return null;
            }

            if (ServerSelector.Select(hub.Servers.Snapshot(), stickyServerId, stickyRequired) is { } server)
            {
                return server;
            }

            var left = _options.WaitForServer - _time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await arrival.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
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

        if (server.MigrationLevel != MigrationLevel.Off)
        {
            connection.OpenMessage = open;
        }

        EndIfClosed(pairing);
        return true;
    }

    private static bool TryPairAgain(ClientConnection connection, IServerConnection server, OpenConnectionMessage open, string fromServerId)
    {
        // The handshake has been answered once; the new app server swallows its own answer.
        var pairing = new Pairing(connection, server) { IsOpened = true };
        var headers = open.Headers.Append(new(ServiceHeaders.MigrateFrom, [fromServerId])).ToArray();
        if (!TryBegin(pairing, new OpenConnectionMessage(open.ConnectionId, open.Claims, headers, open.QueryString, open.Protocol)))
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
