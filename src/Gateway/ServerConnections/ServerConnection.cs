using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.ServerConnections;

/// <summary>One WebSocket from an app server: handshake, then service messages both ways until it ends.</summary>
/// <remarks>
/// Life: handshake → attached (in the hub's pool) → detached → closing → gone. The read loop walks it from front to back and is the only
/// one to do so; everyone else only ends it: <see cref="BeginClose"/> when there is still something to say, <see cref="Abort"/> when not.
/// Closing in an orderly way is limited in time by the heartbeat.
/// </remarks>
internal sealed partial class ServerConnection : IServerConnection
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SkippedLogInterval = TimeSpan.FromSeconds(10);

    private readonly WebSocket _socket;
    private readonly ServerConnectionServices _services;
    private readonly ServerConnectionOptions _options;
    private readonly ServerConnectionWriter _writer;
    private readonly FrameReader _reader;
    private readonly ServerPings _pings;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;

    private int _end;
    private string? _endDetail;
    private Task? _closing;
    private long _closingSince;
    private volatile bool _attached;
    private long _lastReceived;
    private long _lastPing;
    private long? _lastSkippedLog;

    public ServerConnection(string serverConnectionId, string serverId, HubState hub, ProtocolFamily family, WebSocket socket, ServerConnectionServices services)
    {
        ServerConnectionId = serverConnectionId;
        ServerId = serverId;
        Hub = hub;
        Family = family;
        _socket = socket;
        _services = services;
        _options = services.Options.Value;
        _writer = new ServerConnectionWriter(
            piece => _socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None),
            (reason, exception) => Abort(reason, exception?.Message),
            _options,
            services.Time);
        _reader = new FrameReader(socket, ServerHandshake.MaxBytes);
        _pings = new ServerPings(this, services);
        _started = _lastReceived = services.Time.GetTimestamp();
    }

    public string ServerConnectionId { get; }

    public string ServerId { get; }

    public HubState Hub { get; }

    public ProtocolFamily Family { get; }

    public ServerConnectionKind Kind { get; private set; }

    public MigrationLevel MigrationLevel { get; private set; }

    public MemberSet Clients { get; } = new();

    public bool AcceptsClients => _writer.AcceptsClients;

    /// <summary>Completes when nothing of the connection is left.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Serves the connection to its end. Does not throw.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ServeAsync();
            await BeginClose();
            await _reader.DiscardAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or ProtocolViolationException)
        {
            // The socket is gone, or the heartbeat gave it up; or nonsense came while the connection was closing.
            TryEnd(ServerConnectionEnd.TransportFailed, exception.Message);
        }
        catch (Exception exception)
        {
            TryEnd(ServerConnectionEnd.InternalError, exception.Message);
            Log.Failed(_services.Logger, exception, ServerConnectionId, Hub.Key);
        }
        finally
        {
            _writer.Abort();
            _socket.Abort();
            _reader.Release();
            LogEnd();
            _gone.TrySetResult();
        }
    }

    public void Send(ServiceMessage message) => _writer.Write(message);

    public bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake) =>
        _writer.BeginPairing(pairing, open, handshake);

    public bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves) =>
        _writer.EndPairing(pairing, message, clientMoves);

    public ValueTask<bool> SendDataAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken) =>
        _writer.WriteDataAsync(pairing, payload, cancellationToken);

    /// <summary>The app server is about to go: no new clients.</summary>
    public void StopClients() => _writer.StopClients();

    /// <summary>The gateway shuts down: sends what waits, and closes.</summary>
    public void Shutdown()
    {
        TryEnd(ServerConnectionEnd.Shutdown, "The gateway is shutting down.");
        _ = BeginClose();
    }

    /// <summary>Ends the connection at once.</summary>
    public void Abort(ServerConnectionEnd reason, string? detail)
    {
        TryEnd(reason, detail);
        _writer.Abort();
        _socket.Abort();
    }

    /// <summary>Keep-alive and time-outs; called by the node's heartbeat.</summary>
    public void OnHeartbeat()
    {
        var time = _services.Time;
        if (Interlocked.Read(ref _closingSince) is var closing and not 0)
        {
            if (time.GetElapsedTime(closing) >= CloseTimeout)
            {
                Abort(ServerConnectionEnd.Timeout, "The app server did not answer the closing.");
            }
        }
        else if (!_attached)
        {
            if (time.GetElapsedTime(_started) >= _options.HandshakeTimeout)
            {
                Refuse(ServerConnectionEnd.HandshakeTimeout, $"No handshake came within {_options.HandshakeTimeout.TotalSeconds} seconds.");
            }
        }
        else if (time.GetElapsedTime(Interlocked.Read(ref _lastReceived)) >= _options.Timeout)
        {
            Abort(ServerConnectionEnd.Timeout, $"The app server was silent for {_options.Timeout.TotalSeconds} seconds.");
        }
        else if (_writer.Stalled >= _options.Timeout)
        {
            Abort(ServerConnectionEnd.Timeout, $"The app server took nothing for {_options.Timeout.TotalSeconds} seconds.");
        }
        else if (time.GetElapsedTime(_lastPing) >= _options.KeepAlive)
        {
            _lastPing = time.GetTimestamp();
            Send(PingMessage.KeepAlive);
        }
    }

    /// <summary>Sends what waits, then the closing. Completes when that is said, not when it is answered.</summary>
    private Task BeginClose()
    {
        if (Interlocked.CompareExchange(ref _closingSince, _services.Time.GetTimestamp(), 0) == 0)
        {
            _closing = FlushAndCloseAsync();
        }

        return _closing ?? Task.CompletedTask;
    }

    private async Task FlushAndCloseAsync()
    {
        try
        {
            await _writer.CompleteAsync();
            var (status, text) = (ServerConnectionEnd)Volatile.Read(ref _end) switch
            {
                ServerConnectionEnd.ProtocolViolation => (WebSocketCloseStatus.ProtocolError, "The bytes are no service protocol."),
                ServerConnectionEnd.HandshakeRefused or ServerConnectionEnd.HandshakeTimeout => (WebSocketCloseStatus.PolicyViolation, "The handshake was refused."),
                // Anything but a normal closure is an error in the log of every app server, and a restart of the gateway is none.
                ServerConnectionEnd.Shutdown => (WebSocketCloseStatus.NormalClosure, "The gateway is shutting down."),
                _ => (WebSocketCloseStatus.NormalClosure, string.Empty),
            };
            await _socket.CloseOutputAsync(status, text, CancellationToken.None);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody is left to close with. The abort wakes the read loop.
            _socket.Abort();
        }
    }

    /// <summary>The first reason wins.</summary>
    private void TryEnd(ServerConnectionEnd reason, string? detail)
    {
        if (Interlocked.CompareExchange(ref _end, (int)reason, 0) == 0)
        {
            _endDetail = detail;
        }
    }
}
