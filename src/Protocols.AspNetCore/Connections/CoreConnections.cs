using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>The Core connections of the node, by token; ticks them.</summary>
internal sealed class CoreConnections : IHeartbeatHandler
{
    private readonly ClientHttpConnections<CoreConnection> _connections = new();
    private readonly CoreConnectionContext _context;
    private readonly ILogger<CoreConnection> _logger;

    public CoreConnections(
        ConnectionRouter router,
        CoreHubProtocols protocols,
        IOptions<CoreProtocolOptions> options,
        IOptions<OutboundQueueOptions> queueOptions,
        ConnectionIds ids,
        TimeProvider time,
        ILogger<CoreConnection> logger)
    {
        _context = new CoreConnectionContext(
            router, protocols, options.Value, queueOptions.Value, new HandshakePlaces(options.Value.MaxNegotiated), ids, time);
        _logger = logger;
    }

    /// <summary>Physical connections now, negotiated ones included.</summary>
    public int Count => _connections.Count;

    /// <summary>Makes a connection that waits for its transport; null when too many have not shaken hands.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="principal">What the token says.</param>
    /// <param name="separateToken">Whether the token is to differ from the connection id (negotiate version 1).</param>
    /// <param name="token">The connection token.</param>
    public CoreConnection? TryNegotiate(string hub, ClientPrincipal principal, bool separateToken, out string token)
    {
        token = string.Empty;
        if (TryNew(hub, principal) is not { } connection)
        {
            return null;
        }

        token = separateToken ? ConnectionIds.NewConnectionToken() : connection.ConnectionId;
        _connections.TryAdd(token, connection);
        return connection;
    }

    /// <summary>Makes a connection for a client that skipped negotiate; null when too many have not shaken hands.</summary>
    public CoreConnection? TryAddDirect(string hub, ClientPrincipal principal, out string token) =>
        TryNegotiate(hub, principal, separateToken: true, out token);

    public bool TryGet(string token, out CoreConnection connection) => _connections.TryGet(token, out connection);

    /// <summary>Forgets a connection that has ended.</summary>
    public void Remove(string token) => _connections.Remove(token);

    void IHeartbeatHandler.OnHeartbeat()
    {
        var now = _context.Time.GetTimestamp();
        foreach (var (token, connection) in _connections.All)
        {
            if (!connection.OnHeartbeat(now))
            {
                _connections.Remove(token);
            }
        }
    }

    private CoreConnection? TryNew(string hub, ClientPrincipal principal) =>
        _context.Places.TryTake() ? new(_context, _context.Ids.NewConnectionId(), hub, principal, _logger) : null;
}
