using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <summary>Admits, registers, pairs and removes client connections, and carries their bytes up.</summary>
public sealed partial class ConnectionRouter
{
    private readonly ClientConnectionTable _connections;
    private readonly HubTable _hubs;
    private readonly PendingInvocations _invocations;
    private readonly RoutingOptions _options;
    private readonly RoutingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionRouter> _logger;
    private readonly LogThrottle _slowConsumers;
    private readonly LogThrottle _refusals;
    private int _reserved;
    private volatile bool _draining;

    internal ConnectionRouter(
        ClientConnectionTable connections,
        HubTable hubs,
        PendingInvocations invocations,
        IOptions<RoutingOptions> options,
        RoutingMetrics metrics,
        TimeProvider time,
        ILogger<ConnectionRouter> logger)
    {
        _connections = connections;
        _hubs = hubs;
        _invocations = invocations;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _slowConsumers = new LogThrottle(time);
        _refusals = new LogThrottle(time);
    }

    /// <summary>Client connections now.</summary>
    public int Count => _connections.Count;

    /// <summary>Why the node takes no new connection at the moment; <see cref="CloseReason.None"/> when it does. For a cheap early answer.</summary>
    public CloseReason Refusal =>
        _draining ? CloseReason.Shutdown
        : Volatile.Read(ref _reserved) >= _options.MaxConnections ? CloseReason.Overloaded
        : CloseReason.None;

    /// <summary>
    /// Registers the client, pairs it with a server connection (waiting for one, <see cref="RoutingOptions.WaitForServer"/>), and
    /// announces it there together with its handshake; or says why not.
    /// </summary>
    public async ValueTask<ConnectResult> ConnectAsync(ClientDescriptor client, IPhysicalConnection physical, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(physical);

        if (_draining)
        {
            return Refused(client, CloseReason.Shutdown);
        }

        if (Interlocked.Increment(ref _reserved) > _options.MaxConnections || _hubs.GetOrAdd(client.Hub) is not { } hub)
        {
            Interlocked.Decrement(ref _reserved);
            return Refused(client, CloseReason.Overloaded);
        }

        var connection = new ClientConnection(client, hub, physical, _time.GetTimestamp()) { Handshake = client.Handshake };
        var registered = false;
        try
        {
            while (await FindServerAsync(hub, client.StickyServerId, client.StickyRequired, connection.StartTimestamp, cancellationToken) is { } server)
            {
                if (!registered)
                {
                    Register(connection);
                    registered = true;
                }

                // False when the server connection was lost or began to shut down just now: look for another.
                if (TryPair(connection, server, OpenMessage(client)))
                {
                    return new ConnectResult(connection, CloseReason.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            Abandon(connection, registered);
            throw;
        }

        Abandon(connection, registered);
        return Refused(client, _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable);
    }

    /// <summary>
    /// Waits until an app server could serve a client of the hub, at most <see cref="RoutingOptions.WaitForServer"/>. For the answer to a
    /// negotiate request: <see cref="CloseReason.None"/>, or why the client is better told to come back later.
    /// </summary>
    public async ValueTask<CloseReason> WaitForServerAsync(string hub, string? stickyServerId, bool stickyRequired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var reason = Refusal;
        if (reason == CloseReason.None && _hubs.GetOrAdd(hub) is not { })
        {
            reason = CloseReason.Overloaded;
        }

        if (reason == CloseReason.None
            && await FindServerAsync(_hubs.GetOrAdd(hub)!, stickyServerId, stickyRequired, _time.GetTimestamp(), cancellationToken) is null)
        {
            reason = _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable;
        }

        if (reason != CloseReason.None)
        {
            Refuse(hub, reason);
        }

        return reason;
    }

    /// <summary>
    /// Forwards whole hub messages of the client to its app server, in call order. Awaiting it is the back-pressure. False when the
    /// connection has ended.
    /// </summary>
    public async ValueTask<bool> ReceiveAsync(ClientConnection connection, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var pairing = connection.Pairing!;
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

    /// <summary>Ends a connection once; later calls are ignored. The first reason wins.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">Text for the client and the app server; null for the reason's own.</param>
    /// <param name="appServerKnows">The app server that serves the client ended it, so that it needs no telling.</param>
    public void Disconnect(ClientConnection connection, CloseReason reason, string? message = null, bool appServerKnows = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.TryClose(out var groups))
        {
            return;
        }

        Unregister(connection, groups);
        if (connection.Pairing is { } pairing)
        {
            EndPairing(pairing, reason, message, appServerKnows);
        }

        _invocations.ClientGone(connection);
        _metrics.ClientDisconnected(connection, reason, _time.GetElapsedTime(connection.StartTimestamp));
        if (reason == CloseReason.SlowConsumer && _slowConsumers.TryPass(out var suppressed))
        {
            Log.SlowConsumer(_logger, connection.ConnectionId, connection.Hub.Key, connection.Transport, suppressed);
        }

        Log.Disconnected(_logger, connection.ConnectionId, connection.Hub.Key, reason);
        connection.Physical.OnDisconnected(connection, reason, message);
    }

    /// <summary>Takes no new connections from now on.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Ends every connection with the same reason.</summary>
    public void DisconnectAll(CloseReason reason)
    {
        foreach (var connection in _connections.All())
        {
            Disconnect(connection, reason);
        }
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
        var headers = open.Headers.Append(new(ServiceHeaders.MigrateFrom, [from.ServerId])).ToArray();
        var moved = TryPair(connection, to, new OpenConnectionMessage(open.ConnectionId, open.Claims, headers, open.QueryString, open.Protocol), opened: true);
        pairing.Moved.TrySetResult();
        if (!moved)
        {
            Disconnect(connection, CloseReason.ServerConnectionLost);
        }

        return moved;
    }

    private async ValueTask<IServerConnection?> FindServerAsync(
        HubState hub, string? stickyServerId, bool stickyRequired, long since, CancellationToken cancellationToken)
    {
        while (!_draining)
        {
            // Ask for the next arrival first: a server that comes between the two is seen by one or the other.
            var arrival = hub.Servers.NextArrival();
            if (ServerSelector.Select(hub.Servers.Snapshot(), stickyServerId, stickyRequired) is { } server)
            {
                return server;
            }

            var left = _options.WaitForServer - _time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                await arrival.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                break;
            }
        }

        return null;
    }

    private void Refuse(string hub, CloseReason reason)
    {
        _metrics.ClientRefused(reason);
        if (reason is CloseReason.NoServerAvailable or CloseReason.Overloaded)
        {
            if (_refusals.TryPass(out var suppressed))
            {
                Log.Refused(_logger, hub, reason, suppressed);
            }
        }
    }

    private static CloseConnectionMessage MigrationClose(ClientConnection connection, IServerConnection to) =>
        new(connection.ConnectionId, null, [new(ServiceHeaders.MigrateTo, [to.ServerId])]);

    private static OpenConnectionMessage OpenMessage(ClientDescriptor client) =>
        new(client.ConnectionId, client.Claims, client.Headers, client.QueryString, client.Encoder.HubProtocol);

    private static bool TryPair(ClientConnection connection, IServerConnection server, OpenConnectionMessage open, bool opened = false)
    {
        var pairing = new Pairing(connection, server) { IsOpened = opened };
        if (!server.Clients.TryAdd(connection))
        {
            return false;
        }

        var handshake = connection.Handshake.IsEmpty
            ? null
            : new ConnectionDataMessage(connection.ConnectionId, connection.Handshake, ConnectionDataKind.Unknown);

        // Before the opening is written, so that the answer finds the pairing.
        connection.Pairing = pairing;
        if (!server.BeginPairing(pairing, open, handshake))
        {
            server.Clients.Remove(connection, retireIfEmpty: false);
            return false;
        }

        if (handshake is null)
        {
            pairing.IsOpened = true;
            connection.Queue.Open(null);
        }

        connection.OpenMessage = server.MigrationLevel == MigrationLevel.Off ? null : open;
        if (connection.IsClosed)
        {
            EndPairing(pairing, CloseReason.ClientClosed, null, appServerKnows: false);
        }

        return true;
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

    private void Register(ClientConnection connection)
    {
        _connections.TryAdd(connection);
        connection.Hub.Clients.TryAdd(connection);
        _metrics.ClientConnected(connection);
        if (connection.UserId is { } user)
        {
            connection.Hub.Users.Add(user, connection);
            foreach (var group in connection.Hub.UserGroups.Get(user, _time.GetUtcNow()))
            {
                connection.Hub.TryJoin(connection, group, _options.MaxGroupsPerConnection);
            }
        }

        Log.Connected(_logger, connection.ConnectionId, connection.Hub.Key, connection.Transport);
    }

    private void Unregister(ClientConnection connection, IReadOnlyCollection<string> groups)
    {
        foreach (var group in groups)
        {
            connection.Hub.Groups.Remove(group, connection);
        }

        if (connection.UserId is { } user)
        {
            connection.Hub.Users.Remove(user, connection);
        }

        connection.Hub.Clients.Remove(connection, retireIfEmpty: false);
        _connections.Remove(connection);
        Interlocked.Decrement(ref _reserved);
    }

    /// <summary>Undoes what <see cref="ConnectAsync"/> did for a client that got no app server.</summary>
    private void Abandon(ClientConnection connection, bool registered)
    {
        if (!connection.TryClose(out var groups))
        {
            return;
        }

        if (registered)
        {
            Unregister(connection, groups);
            _metrics.ClientDisconnected(connection, CloseReason.NoServerAvailable, _time.GetElapsedTime(connection.StartTimestamp));
        }
        else
        {
            Interlocked.Decrement(ref _reserved);
        }
    }

    private ConnectResult Refused(ClientDescriptor client, CloseReason reason)
    {
        Refuse(client.Hub, reason);
        return new ConnectResult(null, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Client connection {ConnectionId} joined hub {Hub} over {Transport}.", EventName = "Connected")]
        public static partial void Connected(ILogger logger, string connectionId, string hub, string transport);

        [LoggerMessage(2, LogLevel.Debug, "Client connection {ConnectionId} left hub {Hub}: {CloseReason}.", EventName = "Disconnected")]
        public static partial void Disconnected(ILogger logger, string connectionId, string hub, CloseReason closeReason);

        [LoggerMessage(3, LogLevel.Warning, "Client connection {ConnectionId} of hub {Hub} does not read fast enough over {Transport} and was disconnected. {Suppressed} more since the last such line.", EventName = "SlowConsumer")]
        public static partial void SlowConsumer(ILogger logger, string connectionId, string hub, string transport, int suppressed);

        [LoggerMessage(4, LogLevel.Warning, "A client of hub {Hub} was refused: {CloseReason}. {Suppressed} more refusals since the last such line.", EventName = "Refused")]
        public static partial void Refused(ILogger logger, string hub, CloseReason closeReason, int suppressed);
    }
}
