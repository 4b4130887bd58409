using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>Takes service messages off a WebSocket. Message boundaries of the socket mean nothing: it is read as a stream.</summary>
internal sealed class ServerConnectionReader
{
    private const int StartBytes = 16 * 1024;

    private readonly WebSocket _socket;
    private readonly int _maxMessageBytes;
    private readonly Action _onReceived;
    private byte[] _buffer = new byte[StartBytes];
    private int _start;
    private int _end;

    /// <param name="socket">Where the bytes come from.</param>
    /// <param name="maxMessageBytes">Largest frame accepted.</param>
    /// <param name="onReceived">Called whenever bytes have arrived.</param>
    public ServerConnectionReader(WebSocket socket, int maxMessageBytes, Action onReceived)
    {
        _socket = socket;
        _maxMessageBytes = maxMessageBytes;
        _onReceived = onReceived;
    }

    /// <summary>The next frame, valid until the next call; null when the other side has closed.</summary>
    /// <exception cref="ProtocolViolationException">The stream is not framed, or a frame is too large.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTakeFrame() is { } frame)
            {
                return frame;
            }

            MakeRoom();
            var target = new ArraySegment<byte>(_buffer, _end, _buffer.Length - _end);
            var result = await _socket.ReceiveAsync(target, cancellationToken).ConfigureAwait(false);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _end += result.Count;
            _onReceived();
        }
    }

    private ReadOnlyMemory<byte>? TryTakeFrame()
    {
        var input = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        var available = input.Length;
        switch (ServiceFraming.TryRead(ref input, _maxMessageBytes, out var frame))
        {
            case FrameReadResult.Frame:
                _start += (int)(available - input.Length);
                return frame.First;
            case FrameReadResult.TooLarge:
                throw new ProtocolViolationException($"The gateway sent a message of more than {_maxMessageBytes} bytes.");
            default:
                return null;
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > 16 * StartBytes)
            {
                _buffer = new byte[StartBytes];
            }
        }
        else if (_end == _buffer.Length)
        {
            // Half full or less: moving is enough. Otherwise the frame that does not fit wants a larger buffer.
            var target = _end - _start > _buffer.Length / 2 ? new byte[checked(_buffer.Length * 2)] : _buffer;
            Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
            _end -= _start;
            _start = 0;
            _buffer = target;
        }
    }
}
