using Microsoft.Extensions.Options;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Gateway.ServerConnections;

/// <summary>All server connections of the node, those in their handshake included; gives them their names and their heartbeat.</summary>
internal sealed class ServerConnectionTable(ConnectionIds ids, IOptions<ServerConnectionOptions> options) : IHeartbeatHandler
{
    private readonly Lock _lock = new();
    private readonly Dictionary<HubState, HashSet<string>> _names = [];
    private readonly HashSet<ServerConnection> _connections = [];

    /// <summary>Server connections now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Takes a place in the hub and returns the name of the connection; null when the hub has too many.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="wanted">
    /// The app server's name for it. A name that is taken is not given twice, and the newcomer is not turned away for it: the other one
    /// may be the same app server's old connection, whose end nobody has noticed yet. Names are for logs, so a name of the gateway's own
    /// does as well; and ending the old one instead would let one app server end another's connections.
    /// </param>
    public string? Reserve(HubState hub, string? wanted)
    {
        lock (_lock)
        {
            if (!_names.TryGetValue(hub, out var names))
            {
                _names.Add(hub, names = new HashSet<string>(StringComparer.Ordinal));
            }

            if (names.Count >= options.Value.MaxConnectionsPerHub)
            {
                return null;
            }

            var name = wanted;
            while (string.IsNullOrEmpty(name) || !names.Add(name))
            {
                name = ids.NewConnectionId();
            }

            return name;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release(HubState hub, string name)
    {
        lock (_lock)
        {
            if (_names.TryGetValue(hub, out var names) && names.Remove(name) && names.Count == 0)
            {
                _names.Remove(hub);
            }
        }
    }

    public void Add(ServerConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
        }
    }

    public void Remove(ServerConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    public ServerConnection[] All()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    void IHeartbeatHandler.OnHeartbeat()
    {
        foreach (var connection in All())
        {
            connection.OnHeartbeat();
        }
    }
}
