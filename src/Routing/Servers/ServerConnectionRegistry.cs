using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;

namespace Tandem.Routing.Servers;

/// <summary>The coming and going of server connections, and what it means for their clients.</summary>
public sealed partial class ServerConnectionRegistry
{
    private readonly ConnectionRouter _router;
    private readonly RoutingMetrics _metrics;
    private readonly ILogger<ServerConnectionRegistry> _logger;

    internal ServerConnectionRegistry(ConnectionRouter router, RoutingMetrics metrics, ILogger<ServerConnectionRegistry> logger)
    {
        _router = router;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>A server connection has completed its handshake: clients may be paired with it.</summary>
    public void Attach(IServerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _metrics.ServerConnectionsChanged(1, connection.Kind);
        Log.Attached(_logger, connection.ServerConnectionId, connection.Hub.Key, connection.ServerId, connection.Kind);
        connection.Hub.Servers.Add(connection);
        _router.OnServerArrived();
    }

    /// <summary>
    /// A server connection is gone: it leaves the pool, and its clients are told to reconnect; those that cannot go on without are closed. To be called when no pairing
    /// can begin on it any more, or a client that is being paired would be forgotten.
    /// </summary>
    public void Detach(IServerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.Hub.Servers.Remove(connection);
        var clients = connection.Clients.Retire();
        foreach (var client in clients)
        {
            _router.LoseServer(client, connection);
        }

        _metrics.ServerConnectionsChanged(-1, connection.Kind);
        Log.Detached(_logger, connection.ServerConnectionId, connection.Hub.Key, connection.ServerId, clients.Length);
    }

    /// <summary>
    /// Moves the clients of a server connection that shuts down to other app servers, as far as there are some that offer it. Clients
    /// that cannot be moved stay until they leave or the connection closes.
    /// </summary>
    /// <returns>How many clients were moved.</returns>
    public int Migrate(IServerConnection from)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.MigrationLevel == MigrationLevel.Off)
        {
            return 0;
        }

        var moved = 0;
        foreach (var client in from.Clients.Snapshot())
        {
            var target = ServerSelector.LeastPaired(
                from.Hub.Servers.Snapshot(),
                candidate => candidate.Family == from.Family && candidate.ServerId != from.ServerId && candidate.MigrationLevel != MigrationLevel.Off);
            if (target is null)
            {
                break;
            }

            if (_router.TryMove(client, from, target))
            {
                moved++;
            }
        }

        Log.Migrated(_logger, from.ServerConnectionId, from.Hub.Key, moved, from.Clients.Count);
        return moved;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Server connection {ServerConnectionId} attached to hub {Hub}: app server {ServerId}, {Kind}.", EventName = "Attached")]
        public static partial void Attached(ILogger logger, string serverConnectionId, string hub, string serverId, ServerConnectionKind kind);

        [LoggerMessage(2, LogLevel.Information, "Server connection {ServerConnectionId} of hub {Hub} (app server {ServerId}) is gone; {Clients} clients closed.", EventName = "Detached")]
        public static partial void Detached(ILogger logger, string serverConnectionId, string hub, string serverId, int clients);

        [LoggerMessage(3, LogLevel.Information, "Server connection {ServerConnectionId} of hub {Hub} shuts down: {Moved} clients moved to other app servers, {Left} stay.", EventName = "Migrated")]
        public static partial void Migrated(ILogger logger, string serverConnectionId, string hub, int moved, int left);
    }
}
