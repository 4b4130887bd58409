using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>
/// One server connection: a WebSocket to a gateway, from its handshake to its end. It is not reused; whoever wants it back
/// makes a new one.
/// </summary>
internal sealed partial class ServerConnectionClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ServerConnectionSettings _settings;
    private readonly TandemEndpoint _endpoint;
    private readonly AccessTokenFactory _tokens;
    private readonly IServerConnectionHandler _handler;
    private readonly ILogger _logger;
    private readonly ServerConnectionReader _reader;
    private readonly ServerConnectionWriter _writer;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _target;
    private long _lastReceived;
    private long _lastPinged;
    private ITimer? _watch;
    private Exception? _error;
    private volatile bool _writable;
    private volatile bool _closing;

    public ServerConnectionClient(
        ServerConnectionSettings settings,
        TandemEndpoint endpoint,
        string hub,
        AccessTokenFactory tokens,
        IServerConnectionHandler handler,
        ILogger logger,
        string? target = null)
    {
        _settings = settings;
        _endpoint = endpoint;
        Hub = hub;
        _tokens = tokens;
        _handler = handler;
        _logger = logger;
        _target = target;
        _reader = new ServerConnectionReader(_socket, settings.MaxMessageBytes, OnReceived);
        _writer = new ServerConnectionWriter(_socket, settings.MaxWaitingBytes, OnSent, OnWriteFailed);
    }

    /// <summary>Our name for it, in the URL and in logs.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Hub name with application name.</summary>
    public string Hub { get; }

    /// <summary>Where it goes.</summary>
    public TandemEndpoint Endpoint => _endpoint;

    public ServerConnectionKind Kind => _target is null ? ServerConnectionKind.Default : ServerConnectionKind.OnDemand;

    /// <summary>Whether messages can be written: after the handshake, until an error message or the end.</summary>
    public bool IsConnected => _writable;

    /// <summary>Completes when it has ended; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completed by the set when the gateway has acknowledged the shutdown of this connection.</summary>
    public TaskCompletionSource<bool> ShutdownAcknowledged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Connects and shakes hands.</summary>
    /// <exception cref="Exception">The gateway cannot be reached, refuses, or does not answer in time.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = _settings.TimeProvider.CreateCancellationTokenSource(ServerConnectionSettings.HandshakeTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await OpenSocketAsync(either.Token).ConfigureAwait(false);
            await ShakeHandsAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The gateway did not answer within {ServerConnectionSettings.HandshakeTimeout.TotalSeconds:0} s.", exception);
        }

        _lastReceived = _lastPinged = _settings.TimeProvider.GetTimestamp();
        _writable = true;
        _watch = _settings.TimeProvider.CreateTimer(static state => ((ServerConnectionClient)state!).Watch(), this,
            ServerConnectionSettings.PingInterval, ServerConnectionSettings.PingInterval);
    }

    /// <summary>Reads until the connection ends, then tells the handler. Never fails.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await _reader.ReadFrameAsync(CancellationToken.None).ConfigureAwait(false) is { } frame)
            {
                Dispatch(frame);
            }
        }
        catch (Exception exception)
        {
            // The first cause wins: an aborted socket fails to read only because something else went wrong before.
            _error ??= _closing ? null : exception;
        }

        _writable = false;
        _watch?.Dispose();
        if (_error is null)
        {
            // The other side has closed; answering completes the closing handshake.
            await Task.WhenAny(_writer.CompleteAsync(closeSocket: true), _settings.TimeProvider.Delay(ServerConnectionSettings.CloseTimeout)).ConfigureAwait(false);
        }

        _writer.Abort();
        _socket.Dispose();
        ShutdownAcknowledged.TrySetResult(false);
        try
        {
            _handler.OnClosed(this, _error);
        }
        catch (Exception exception)
        {
            Log.MessageFailed(_logger, exception, nameof(IServerConnectionHandler.OnClosed), Id, Hub);
        }

        _ended.TrySetResult(true);
    }

    /// <summary>Writes a message; completes when there is room for more.</summary>
    /// <returns>False when the connection is not connected: nothing was written.</returns>
    public ValueTask<bool> WriteAsync(ServiceMessage message) =>
        _writable ? _writer.WriteAsync(message) : new ValueTask<bool>(false);

    /// <summary>Writes bytes of a client; completes when there is room for more.</summary>
    /// <returns>False when the connection is not connected: nothing was written.</returns>
    public ValueTask<bool> WriteConnectionDataAsync(string connectionId, in ReadOnlySequence<byte> payload) =>
        _writable ? _writer.WriteConnectionDataAsync(connectionId, payload) : new ValueTask<bool>(false);

    /// <summary>Writes a message without waiting for room: for answers of the read loop, which must not wait.</summary>
    public void Post(ServiceMessage message) => _ = WriteAsync(message).AsTask();

    /// <summary>Sends what was written, closes the WebSocket and waits a little for the other side to do so too.</summary>
    public async Task CloseAsync()
    {
        _closing = true;
        _writable = false;
        _ = _writer.CompleteAsync(closeSocket: true);
        using var done = new CancellationTokenSource();
        await Task.WhenAny(Ended, _settings.TimeProvider.Delay(ServerConnectionSettings.CloseTimeout, done.Token)).ConfigureAwait(false);
        done.Cancel();
        _socket.Abort();
        await Ended.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _socket.Dispose();
    }

    private void Dispatch(ReadOnlyMemory<byte> frame)
    {
        _settings.Metrics.Received(Hub, frame.Length);
        if (ServiceProtocolReader.TryReadConnectionData(frame.Span, out var connectionId, out var payload))
        {
            HandleData(connectionId, payload);
            return;
        }

        ServiceMessage message;
        try
        {
            // Messages refer to the memory they were read from; the buffer will be written to again.
            message = ServiceProtocolReader.Read(frame.ToArray());
        }
        catch (ProtocolViolationException exception)
        {
            // The frame had an end, so what follows it is not harmed.
            Log.MalformedMessage(_logger, exception, Id, Hub);
            return;
        }

        switch (message)
        {
            case PingMessage { Pairs.Count: 0 }:
                break;
            case PingMessage ping when ping[ServicePing.EchoKey] is not null:
                Post(ping);
                break;
            case ServiceErrorMessage error:
                // No more writes; reading goes on until the gateway closes.
                _error = new InvalidOperationException("The gateway reported: " + error.ErrorMessage);
                _writable = false;
                Log.ServiceError(_logger, Id, Hub, error.ErrorMessage);
                break;
            case ConnectionDataMessage data:
                HandleData(Encoding.UTF8.GetBytes(data.ConnectionId), data.Payload.Span);
                break;
            default:
                Handle(message);
                break;
        }
    }

    private void HandleData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload)
    {
        try
        {
            _handler.OnConnectionData(connectionId, payload);
        }
        catch (Exception exception)
        {
            Log.MessageFailed(_logger, exception, nameof(ConnectionDataMessage), Id, Hub);
        }
    }

    private void Handle(ServiceMessage message)
    {
        try
        {
            _handler.OnMessage(this, message);
        }
        catch (Exception exception)
        {
            // One message that cannot be dealt with must not cost all clients their connection.
            Log.MessageFailed(_logger, exception, message.GetType().Name, Id, Hub);
        }
    }

    private void OnReceived()
    {
        Volatile.Write(ref _lastReceived, _settings.TimeProvider.GetTimestamp());
        PingWhenDue();
    }

    private void Watch()
    {
        if (_settings.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastReceived)) > ServerConnectionSettings.SilenceTimeout)
        {
            _error ??= new TimeoutException($"The gateway was silent for {ServerConnectionSettings.SilenceTimeout.TotalSeconds:0} s.");
            _writable = false;
            _socket.Abort();
            return;
        }

        PingWhenDue();
    }

    private void PingWhenDue()
    {
        if (!_writable || _settings.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastPinged)) < ServerConnectionSettings.PingInterval)
        {
            return;
        }

        Volatile.Write(ref _lastPinged, _settings.TimeProvider.GetTimestamp());
        Post(PingMessage.KeepAlive);
    }

    private void OnSent(int messages, long bytes) => _settings.Metrics.Sent(Hub, messages, bytes);

    private void OnWriteFailed(Exception exception)
    {
        _error ??= _closing ? null : exception;
        _writable = false;
        _socket.Abort();
    }
}
