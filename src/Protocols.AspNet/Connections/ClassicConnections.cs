using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>The classic connections of the node, by connection id; ticks them, and keeps what they keep within the node's budget.</summary>
internal sealed partial class ClassicConnections : IHeartbeatHandler
{
    private readonly ConcurrentDictionary<string, ClassicConnection> _connections = new(StringComparer.Ordinal);
    private readonly ClassicConnectionContext _context;
    private readonly ILogger<ClassicConnection> _logger;
    private readonly LogThrottle _replayMisses;
    private readonly LogThrottle _replayReleases;

    public ClassicConnections(
        ConnectionRouter router,
        ConnectionIds ids,
        ClassicMetrics metrics,
        IOptions<ClassicProtocolOptions> options,
        IOptions<OutboundQueueOptions> queueOptions,
        TimeProvider time,
        ILogger<ClassicConnection> logger)
    {
        var cursors = new ClassicCursors(ids.NodeTag);
        _context = new ClassicConnectionContext(
            router,
            new ClassicFrameEncoder(cursors),
            cursors,
            options.Value,
            queueOptions.Value,
            new ReplayBudget(options.Value.MaxReplayBytesTotal),
            new StartPlaces(options.Value.MaxUnstarted),
            metrics,
            time);
        _logger = logger;
        _replayMisses = new LogThrottle(time);
        _replayReleases = new LogThrottle(time);
        metrics.ObserveReplayBytes(() => _context.ReplayBudget.Bytes);
    }

    /// <summary>Physical connections now, those that have not started included.</summary>
    public int Count => _connections.Count;

    /// <summary>Bytes of sent messages that are kept now.</summary>
    public long ReplayBytes => _context.ReplayBudget.Bytes;

    /// <summary>A cursor for a client that has no connection.</summary>
    public byte[] NewCursor() => _context.Cursors.Next();

    /// <summary>The connection with this id; one that has ended is found until its client could know.</summary>
    public bool TryGet(string connectionId, out ClassicConnection connection) => _connections.TryGetValue(connectionId, out connection!);

    /// <summary>The connection of a client that begins, made if need be and in place of one that has ended; null when too many have not started.</summary>
    public ClassicConnection? GetOrAdd(string connectionId, Func<ClassicClient> client)
    {
        while (true)
        {
            if (_connections.TryGetValue(connectionId, out var former) && former.CloseReason == CloseReason.None)
            {
                return former;
            }

            if (!_context.Places.TryTake())
            {
                return null;
            }

            var connection = new ClassicConnection(_context, client(), _logger);
            if (former is null ? _connections.TryAdd(connectionId, connection) : _connections.TryUpdate(connectionId, connection, former))
            {
                return connection;
            }

            // Another request of the same client was faster, or the former one was forgotten at this moment.
            connection.Close(CloseReason.ClientClosed);
        }
    }

    /// <summary>Ends a connection whose client came back with messages missing: going on in silence would be a lie.</summary>
    public void EndForGap(ClassicConnection connection)
    {
        _context.Metrics.ReplayMissed();
        if (_replayMisses.TryPass(out var suppressed))
        {
            Log.ReplayMissed(_logger, connection.Client.ConnectionId, connection.Client.Application, suppressed);
        }

        connection.Close(CloseReason.TransportFailed);
    }

    void IHeartbeatHandler.OnHeartbeat()
    {
        var now = _context.Time.GetTimestamp();
        _context.Tick = now;
        foreach (var entry in _connections)
        {
            if (!entry.Value.OnHeartbeat(now))
            {
                _connections.TryRemove(entry);
            }
        }

        if (_context.ReplayBudget.IsExceeded)
        {
            ReleaseLargest();
        }
    }

    private void ReleaseLargest()
    {
        var released = 0;
        foreach (var connection in _connections.Values.Select(static connection => (connection, connection.ReplayBytes)).OrderByDescending(static pair => pair.ReplayBytes))
        {
            if (!_context.ReplayBudget.IsExceeded)
            {
                break;
            }

            connection.connection.ReleaseReplay();
            released++;
        }

        // What is the newest of each is kept whatever the total, so that this may go on tick after tick.
        if (_replayReleases.TryPass(out _))
        {
            Log.ReplayReleased(_logger, released, _context.Options.MaxReplayBytesTotal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Warning, "Classic client connection {ConnectionId} of application {Hub} reconnected, but messages it has missed are no longer kept (Classic:ReplayBytes, ReplayMessages); it was ended with an error. {Suppressed} more since the last such line.", EventName = "ReplayMissed")]
        public static partial void ReplayMissed(ILogger logger, string connectionId, string hub, int suppressed);

        [LoggerMessage(12, LogLevel.Warning, "Sent messages kept for classic clients exceed {MaxBytes} bytes (Classic:MaxReplayBytesTotal); those of the {Connections} connections with the most were released.", EventName = "ReplayReleased")]
        public static partial void ReplayReleased(ILogger logger, int connections, int maxBytes);
    }
}
