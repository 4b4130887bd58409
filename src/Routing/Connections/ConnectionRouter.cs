using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <summary>Admits, registers, pairs and removes client connections, and carries their bytes up.</summary>
public sealed partial class ConnectionRouter
{
    private readonly ClientConnectionTable _connections;
    private readonly HubTable _hubs;
    private readonly ServerFinder _servers;
    private readonly IOptionsMonitor<MixingOptions> _mixing;
    private readonly DialectTable _dialects;
    private readonly PendingInvocations _invocations;
    private readonly RoutingOptions _options;
    private readonly RoutingMetrics _metrics;
    private readonly ClientLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionRouter> _logger;
    private readonly LogThrottle _slowConsumers;
    private readonly LogThrottle _refusals;
    private readonly LogThrottle _notMixed;
    private int _reserved;
    private volatile bool _draining;

    internal ConnectionRouter(
        ClientConnectionTable connections,
        HubTable hubs,
        PendingInvocations invocations,
        IOptions<RoutingOptions> options,
        IOptionsMonitor<MixingOptions> mixing,
        DialectTable dialects,
        RoutingMetrics metrics,
        ClientLedger ledger,
        TimeProvider time,
        ILogger<ConnectionRouter> logger)
    {
        _connections = connections;
        _hubs = hubs;
        _servers = new ServerFinder(hubs, options, mixing, time);
        _mixing = mixing;
        _dialects = dialects;
        _invocations = invocations;
        _options = options.Value;
        _metrics = metrics;
        _ledger = ledger;
        _time = time;
        _logger = logger;
        _slowConsumers = new LogThrottle(time);
        _refusals = new LogThrottle(time);
        _notMixed = new LogThrottle(time);
        metrics.ObserveQueuedFrames(() => _connections.All().Sum(connection => (long)connection.Queue.QueuedFrames));
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

        var start = _time.GetTimestamp();
        HubState[]? memberHubs;
        try
        {
            memberHubs = await _servers.FindHubsAsync(client.MemberHubs, start, cancellationToken);
        }
        catch
        {
            Interlocked.Decrement(ref _reserved);
            throw;
        }

        if (memberHubs is null)
        {
            Interlocked.Decrement(ref _reserved);
            return Refused(client, _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable);
        }

        var connection = new ClientConnection(client, hub, memberHubs, physical, start) { Handshake = client.Handshake };
        var request = Request(connection, client.StickyServerId, client.StickyRequired, start);
        var open = OpenMessage(client);
        var registered = false;
        try
        {
            while (await _servers.FindAsync(request, cancellationToken) is { } plan)
            {
                if (!registered)
                {
                    Register(connection);
                    registered = true;
                    if (_draining)
                    {
                        // It may have come too late for DisconnectAll to see it.
                        break;
                    }
                }

                // False when a server connection was lost or began to shut down just now: look for another. A connection that was
                // ended meanwhile needs none; its owner has been told.
                if (TryPair(connection, plan, open) || connection.IsClosed)
                {
                    return new ConnectResult(connection, CloseReason.None);
                }
            }
        }
        catch (Exception exception)
        {
            Abandon(connection, registered, exception is OperationCanceledException ? CloseReason.ClientClosed : CloseReason.InternalError);
            throw;
        }

        var reason = _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable;
        Abandon(connection, registered, reason);
        return Refused(client, reason);
    }

    /// <summary>
    /// Waits until an app server could serve a client of the hub, at most <see cref="RoutingOptions.WaitForServer"/>. For the answer to a
    /// negotiate request: <see cref="CloseReason.None"/>, or why the client is better told to come back later.
    /// </summary>
    /// <param name="hub">The hub whose app servers serve the client.</param>
    /// <param name="family">The family of the client.</param>
    /// <param name="stickyServerId">The app server the client should go to; null when any will do.</param>
    /// <param name="stickyRequired">Rather none than another app server.</param>
    /// <param name="memberHubs">Further hubs that must be known; see <see cref="ClientDescriptor.MemberHubs"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<CloseReason> WaitForServerAsync(
        string hub,
        ProtocolFamily family,
        string? stickyServerId,
        bool stickyRequired,
        IReadOnlyList<string> memberHubs,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(memberHubs);
        var start = _time.GetTimestamp();
        var reason = Refusal;
        if (reason == CloseReason.None)
        {
            if (_hubs.GetOrAdd(hub) is not { } state)
            {
                reason = CloseReason.Overloaded;
            }
            else if (await _servers.FindHubsAsync(memberHubs, start, cancellationToken) is not { } members
                || await _servers.FindAsync(
                    new ServingRequest(state, members, family, CanBeTranslated: true, stickyServerId, stickyRequired, start, Draw()), cancellationToken) is null)
            {
                reason = _draining ? CloseReason.Shutdown : CloseReason.NoServerAvailable;
            }
        }

        if (reason != CloseReason.None)
        {
            Refuse(hub, reason);
        }

        return reason;
    }

    /// <summary>Ends a connection once; later calls are ignored. The first reason wins.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">Text for the client and the app server; null for the reason's own.</param>
    /// <param name="knows">The server connection of the app server that ended it, so that it needs no telling; null for anyone else.</param>
    public void Disconnect(ClientConnection connection, CloseReason reason, string? message = null, IServerConnection? knows = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.TryClose(out var groups))
        {
            return;
        }

        Unregister(connection, groups);
        EndPairings(connection, reason, message, knows);
        _invocations.ClientGone(connection);
        _metrics.ClientDisconnected(connection, reason, _time.GetElapsedTime(connection.StartTimestamp));
        _ledger.Disconnected(connection);
        if (reason == CloseReason.SlowConsumer && _slowConsumers.TryPass(out var suppressed))
        {
            Log.SlowConsumer(_logger, connection.ConnectionId, connection.Hub.Key, connection.Transport, suppressed);
        }

        Log.Disconnected(_logger, connection.ConnectionId, connection.Hub.Key, reason);
        connection.Physical.OnDisconnected(connection, reason, message);
    }

    /// <summary>A server connection is in its pool: clients that wait for one look again.</summary>
    internal void OnServerArrived() => _servers.OnServerArrived();

    /// <summary>Takes no new connections from now on; those that wait for an app server are refused at once.</summary>
    public void BeginDrain()
    {
        _draining = true;
        _servers.Stop();
    }

    /// <summary>Ends every connection with the same reason.</summary>
    public void DisconnectAll(CloseReason reason)
    {
        foreach (var connection in _connections.All())
        {
            Disconnect(connection, reason);
        }
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

    private void Register(ClientConnection connection)
    {
        var hub = connection.Hub;
        _connections.TryAdd(connection);
        Enter(hub, connection);
        foreach (var member in connection.MemberHubs)
        {
            Enter(member, connection);
        }

        _metrics.ClientConnected(connection);
        _ledger.Connected(connection);

        if (connection.IsClosed)
        {
            // Ended while it was being registered, by someone who could not remove what was not there yet.
            RemoveFromTables(connection);
        }

        Log.Connected(_logger, connection.ConnectionId, hub.Key, connection.Transport);
    }

    private void Enter(HubState hub, ClientConnection connection)
    {
        hub.Clients.TryAdd(connection);
        if (connection.UserId is not { } user)
        {
            return;
        }

        hub.Users.Add(user, connection);
        foreach (var group in hub.UserGroups.Get(user, _time.GetUtcNow()))
        {
            if (hub.TryJoin(connection, group, _options.MaxGroupsPerConnection)
                && !hub.UserGroups.Contains(user, group, _time.GetUtcNow()))
            {
                // Removed between the two, by someone who did not find this connection in the group yet.
                hub.Leave(connection, group);
            }
        }
    }

    private void Unregister(ClientConnection connection, IReadOnlyCollection<(HubState Hub, string Name)> groups)
    {
        foreach (var (hub, group) in groups)
        {
            hub.Groups.Remove(group, connection);
        }

        RemoveFromTables(connection);
        Interlocked.Decrement(ref _reserved);
    }

    private void RemoveFromTables(ClientConnection connection)
    {
        if (connection.UserId is { } user)
        {
            connection.Hub.Users.Remove(user, connection);
        }

        foreach (var member in connection.MemberHubs)
        {
            member.Clients.Remove(connection, retireIfEmpty: false);
            if (connection.UserId is { } memberUser)
            {
                member.Users.Remove(memberUser, connection);
            }
        }

        connection.Hub.Clients.Remove(connection, retireIfEmpty: false);
        _connections.Remove(connection);
    }

    /// <summary>Undoes what <see cref="ConnectAsync"/> did for a client that got no app server.</summary>
    private void Abandon(ClientConnection connection, bool registered, CloseReason reason)
    {
        if (!connection.TryClose(out var groups))
        {
            return;
        }

        if (registered)
        {
            Unregister(connection, groups);
            _metrics.ClientDisconnected(connection, reason, _time.GetElapsedTime(connection.StartTimestamp));
            _ledger.Disconnected(connection);
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

        [LoggerMessage(5, LogLevel.Warning, "Between clients and app servers of different generations, method '{Method}' of hub {Hub} met what one of them does not have: {Feature}. {Detail} {Suppressed} more since the last such line. See docs/mixing.md.", EventName = "NotMixed")]
        public static partial void NotMixed(ILogger logger, string hub, string method, MixingFeature feature, string? detail, int suppressed);
    }
}
