using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>
/// The server connections of one hub to one endpoint: a fixed number that is kept up for ever, and those a gateway asks for
/// on top.
/// </summary>
internal sealed partial class ServerConnectionSet : IServerConnectionHandler, IDisposable
{
    // A connection lost younger than this counts as a failed attempt, so that accept-and-close does not become a busy loop.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly ServerConnectionSettings _settings;
    private readonly AccessTokenFactory _tokens;
    private readonly IServerConnectionHandler _handler;
    private readonly ILogger _logger;
    private readonly ReconnectBackOff _backOff;
    private readonly AckTracker _acks;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = new();
    private volatile ServerConnectionClient[] _connected = [];
    private volatile Exception? _lastError;
    private int _next = Environment.TickCount & 0xFFFF;
    private int _onDemand;
    private volatile bool _tried;

    public ServerConnectionSet(
        ServerConnectionSettings settings,
        TandemEndpoint endpoint,
        string hub,
        IServerConnectionHandler handler,
        ILogger logger,
        Func<double>? jitterSeconds = null)
    {
        _settings = settings;
        Endpoint = endpoint;
        Hub = hub;
        _handler = handler;
        _logger = logger;
        _tokens = new AccessTokenFactory(endpoint.ConnectionString, settings.TimeProvider);
        _backOff = new ReconnectBackOff(settings.TimeProvider, jitterSeconds);
        _acks = new AckTracker(settings.TimeProvider);
    }

    public TandemEndpoint Endpoint { get; }

    /// <summary>Hub name with application name.</summary>
    public string Hub { get; }

    public int ConnectedCount => _connected.Length;

    public int ConfiguredCount => _settings.InitialCount;

    /// <summary>Why the last attempt failed or the last connection ended; null while all is well.</summary>
    public Exception? LastError => _lastError;

    /// <summary>
    /// Whether clients may be sent there. True until the first attempt to connect has ended: an app that has just started may
    /// answer negotiate a moment before its own connections are up, and gateways wait for them.
    /// </summary>
    public bool IsOnline => _connected.Length > 0 || (!_tried && !_stopping.IsCancellationRequested);

    /// <summary>Signs the tokens of this endpoint's clients.</summary>
    public AccessTokenFactory Tokens => _tokens;

    /// <summary>Starts connecting, without waiting for the outcome.</summary>
    public void Start()
    {
        lock (_lock)
        {
            for (var i = 0; i < _settings.InitialCount && !_stopping.IsCancellationRequested; i++)
            {
                _loops.Add(Task.Run(KeepConnectedAsync));
            }
        }
    }

    /// <summary>Writes a message on the flow's server connection. Chooses before the first await, see <see cref="ServerConnectionScope"/>.</summary>
    /// <returns>False when none is connected: nothing was written.</returns>
    public ValueTask<bool> TryWriteAsync(ServiceMessage message)
    {
        var connected = _connected;
        if (connected.Length == 0)
        {
            return new ValueTask<bool>(false);
        }

        var scope = ServerConnectionScope.Current;
        var connection = scope.Find(connected) ?? Choose(scope, connected);
        return connection is null ? new ValueTask<bool>(false) : connection.WriteAsync(message);
    }

    /// <summary>Sends a message that wants an answer, and awaits it.</summary>
    /// <exception cref="TandemNotConnectedException">There is no server connection.</exception>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    public Task<bool> AskAsync(Func<int, ServiceMessage> message, CancellationToken cancellationToken)
    {
        // The scope must exist in the caller's flow before an async method starts, or the choice would not stick.
        _ = ServerConnectionScope.Current;
        return _acks.AskAsync(SendAsync, cancellationToken);

        async ValueTask SendAsync(int id)
        {
            if (!await TryWriteAsync(message(id)).ConfigureAwait(false))
            {
                throw NotConnected();
            }
        }
    }

    /// <summary>Announces the shutdown on every server connection and awaits the acknowledgements.</summary>
    public Task AnnounceShutdownAsync(string fin, CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        return Task.WhenAll(_connected.Select(connection => AnnounceShutdownAsync(connection, fin, cancellationToken)));
    }

    /// <summary>Closes all server connections and ends reconnecting.</summary>
    public async Task StopAsync()
    {
        _stopping.Cancel();
        await Task.WhenAll(_connected.Select(static connection => connection.CloseAsync())).ConfigureAwait(false);
        Task[] loops;
        lock (_lock)
        {
            loops = _loops.ToArray();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    public TandemNotConnectedException NotConnected() => new(Hub, Endpoint.ToString(), _lastError);

    void IServerConnectionHandler.OnConnected(ServerConnectionClient connection) => _handler.OnConnected(connection);

    void IServerConnectionHandler.OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload) =>
        _handler.OnConnectionData(connectionId, payload);

    void IServerConnectionHandler.OnMessage(ServerConnectionClient connection, ServiceMessage message)
    {
        switch (message)
        {
            case AckMessage ack:
                _acks.Complete(ack);
                break;
            case PingMessage ping when ping[ServicePing.TargetKey] is { Length: > 0 } target:
                OpenOnDemand(target);
                break;
            case PingMessage ping when ping[ServicePing.ShutdownKey] == ServicePing.FinAck:
                connection.ShutdownAcknowledged.TrySetResult(true);
                break;
            default:
                _handler.OnMessage(connection, message);
                break;
        }
    }

    void IServerConnectionHandler.OnClosed(ServerConnectionClient connection, Exception? error)
    {
        lock (_lock)
        {
            _connected = _connected.Where(other => other != connection).ToArray();
        }

        if (!_stopping.IsCancellationRequested)
        {
            _lastError = error ?? new InvalidOperationException("The gateway closed the server connection.");
            Log.Lost(_logger, error, connection.Id, Hub, Endpoint);
        }

        _handler.OnClosed(connection, error);
    }

    /// <summary>A connected one, round robin from a random start: as even as chance and cheaper.</summary>
    private ServerConnectionClient? Choose(ServerConnectionScope scope, ServerConnectionClient[] connected)
    {
        for (var i = 0; i < connected.Length; i++)
        {
            var candidate = connected[(uint)Interlocked.Increment(ref _next) % (uint)connected.Length];
            if (candidate.IsConnected)
            {
                scope.Remember(candidate);
                return candidate;
            }
        }

        return null;
    }

    private async Task AnnounceShutdownAsync(ServerConnectionClient connection, string fin, CancellationToken cancellationToken)
    {
        var answer = Task.WhenAny(connection.ShutdownAcknowledged.Task, connection.Ended);
        try
        {
            while (!answer.IsCompleted)
            {
                connection.Post(new PingMessage(ServicePing.ShutdownKey, fin));
                var repeat = _settings.TimeProvider.Delay(ServerConnectionSettings.PingInterval, cancellationToken);
                if (await Task.WhenAny(answer, repeat).ConfigureAwait(false) == repeat)
                {
                    await repeat.ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Out of time: the connections are closed without the gateway's word.
            Log.ShutdownNotAcknowledged(_logger, connection.Id, Hub);
        }
    }
}
