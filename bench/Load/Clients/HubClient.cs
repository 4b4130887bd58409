using System.Net.Sockets;

namespace Tandem.Load.Clients;

/// <summary>
/// One client connection after negotiate: a socket, a buffer and a receive loop. Thousands of them have to cost less
/// than the servers they load, which is why this is neither the SignalR client nor <see cref="System.Net.WebSockets.ClientWebSocket"/>.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const int InitialBufferSize = 1024;
    private static readonly byte[] HandshakeAccepted = [(byte)'{', (byte)'}', JsonHubEncoding.RecordSeparator];

    private readonly Socket _socket;
    private readonly HubEncoding _encoding;
    private readonly Action<HubClient, Exception> _onLost;
    private readonly TaskCompletionSource _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> _fragments = [];
    private byte[] _buffer = new byte[InitialBufferSize];
    private int _buffered;
    private volatile IMessageHandler? _handler;
    private volatile bool _disposed;

    /// <param name="socket">A socket on which the server has accepted the upgrade to WebSocket.</param>
    /// <param name="encoding">The hub protocol.</param>
    /// <param name="index">The client's place among all clients of a run.</param>
    /// <param name="onLost">Called when the connection ends by itself.</param>
    public HubClient(Socket socket, HubEncoding encoding, int index, Action<HubClient, Exception> onLost)
    {
        _socket = socket;
        _encoding = encoding;
        _onLost = onLost;
        Index = index;
    }

    public int Index { get; }

    /// <summary>When the message in flight was sent; belongs to the scenario that runs.</summary>
    public long SentAt { get; set; }

    public IMessageHandler? Handler
    {
        set => _handler = value;
    }

    /// <summary>Starts receiving and completes when the server has accepted the handshake.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = ReceiveAsync();
        Send(_encoding.Handshake);
        return _handshake.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Sends a frame made before. Frames are far smaller than a socket's buffer and leave in one piece, so a ping may be
    /// sent beside a message.
    /// </summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        while (!frame.IsEmpty)
        {
            frame = frame[_socket.Send(frame)..];
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _socket.Dispose();
    }

    // Started without being awaited: every end of it goes to _onLost.
    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                if (_buffered == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }

                var received = await _socket.ReceiveAsync(_buffer.AsMemory(_buffered));
                if (received == 0)
                {
                    throw new EndOfStreamException("The server closed the connection.");
                }

                _buffered += received;
                ReadFrames();
            }
        }
        catch (Exception exception)
        {
            _handshake.TrySetException(exception);
            if (!_disposed)
            {
                _onLost(this, exception);
            }
        }
    }

    private void ReadFrames()
    {
        var start = 0;
        while (WebSocketFrames.TryRead(_buffer.AsSpan(0, _buffered), start, out var frame))
        {
            var payload = _buffer.AsSpan(frame.PayloadStart, frame.PayloadLength);
            switch (frame.Opcode)
            {
                case WebSocketOpcode.Close:
                    throw new EndOfStreamException($"The server sent a close frame: {System.Text.Encoding.UTF8.GetString(payload[Math.Min(2, payload.Length)..])}");
                case WebSocketOpcode.Ping or WebSocketOpcode.Pong:
                    break;
                case var _ when frame.IsFinal && _fragments.Count == 0:
                    ReadMessages(payload);
                    break;
                default:
                    ReadFragment(payload, frame.IsFinal);
                    break;
            }

            start = frame.End;
        }

        _buffered -= start;
        if (start > 0 && _buffered > 0)
        {
            _buffer.AsSpan(start, _buffered).CopyTo(_buffer);
        }
    }

    private void ReadFragment(ReadOnlySpan<byte> payload, bool isLast)
    {
        _fragments.AddRange(payload);
        if (isLast)
        {
            ReadMessages(_fragments.ToArray());
            _fragments.Clear();
        }
    }

    private void ReadMessages(ReadOnlySpan<byte> payload)
    {
        if (!_handshake.Task.IsCompleted)
        {
            ReadHandshake(ref payload);
        }

        while (_encoding.TryRead(ref payload, out var kind, out var message))
        {
            if (kind == HubMessageKind.Close)
            {
                throw new EndOfStreamException($"The server sent a close message: {System.Text.Encoding.UTF8.GetString(message)}");
            }

            if (kind != HubMessageKind.Ping)
            {
                _handler?.OnMessage(this, kind, message);
            }
        }
    }

    private void ReadHandshake(ref ReadOnlySpan<byte> payload)
    {
        if (!payload.StartsWith(HandshakeAccepted))
        {
            throw new InvalidDataException($"The handshake was refused: {System.Text.Encoding.UTF8.GetString(payload)}");
        }

        payload = payload[HandshakeAccepted.Length..];
        _handshake.TrySetResult();
    }
}
