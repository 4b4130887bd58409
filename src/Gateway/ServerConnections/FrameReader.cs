using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.ServerConnections;

/// <summary>
/// Cuts the bytes of a WebSocket into frames of the service protocol. The messages of the WebSocket mean nothing: the bytes are one stream.
/// </summary>
/// <remarks>While nothing comes it holds no buffer. A frame that is too large passes through without being collected.</remarks>
internal sealed class FrameReader(WebSocket socket, int maxFrameBytes)
{
    /// <summary>How much of an oversized frame is kept to find out whom it was for.</summary>
    public const int HeadBytes = 1024;

    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _skip;

    /// <summary>Largest frame, length prefix not counted.</summary>
    public int MaxFrameBytes { get; set; } = maxFrameBytes;

    /// <summary>Whether the other side has closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Receives more bytes; false when the other side has closed.</summary>
    /// <exception cref="ProtocolViolationException">It sent text.</exception>
    public async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
        {
            Release();
            // Waiting with an empty buffer costs nothing; a server connection may be idle for hours.
            if (Closes(await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)))
            {
                return false;
            }
        }

        MakeRoom();
        var result = await socket.ReceiveAsync(_buffer.AsMemory(_end), CancellationToken.None);
        if (Closes(result))
        {
            return false;
        }

        _end += result.Count;
        return true;
    }

    /// <summary>Takes the next frame off what was received.</summary>
    /// <param name="frame">
    /// The bytes behind the length prefix, valid until the next <see cref="FillAsync"/>; of a frame that is too large only the first
    /// <see cref="HeadBytes"/>, the rest will be skipped.
    /// </param>
    /// <exception cref="ProtocolViolationException">The bytes are no frame.</exception>
    public FrameReadResult TryRead(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        var skipped = Math.Min(_skip, _end - _start);
        _skip -= skipped;
        _start += skipped;

        var received = _buffer.AsMemory(_start, _end - _start);
        if (!ServiceFraming.TryReadPrefix(new ReadOnlySequence<byte>(received), out var prefixBytes, out var length))
        {
            return FrameReadResult.NeedMoreData;
        }

        var isTooLarge = length > MaxFrameBytes;
        var wanted = isTooLarge ? Math.Min(length, HeadBytes) : length;
        if (received.Length - prefixBytes < wanted)
        {
            return FrameReadResult.NeedMoreData;
        }

        frame = received.Slice(prefixBytes, wanted);
        _start += prefixBytes + wanted;
        _skip = length - wanted;
        return isTooLarge ? FrameReadResult.TooLarge : FrameReadResult.Frame;
    }

    /// <summary>Receives and forgets, whatever it is, until the other side has closed.</summary>
    public async Task DiscardAsync()
    {
        _start = _end = 0;
        MakeRoom();
        while (!IsClosed)
        {
            var result = await socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
            IsClosed = result.MessageType == WebSocketMessageType.Close;
        }
    }

    private bool Closes(ValueWebSocketReceiveResult result)
    {
        IsClosed = result.MessageType == WebSocketMessageType.Close;
        return result.MessageType == WebSocketMessageType.Text
            ? throw new ProtocolViolationException("The service protocol is binary; a text message came.")
            : IsClosed;
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _end >= FirstBytes / 4)
        {
            return;
        }

        // Grows with what has come, not with what a length prefix promises.
        var count = _end - _start;
        if (_buffer.Length > 0 && count <= _buffer.Length / 2)
        {
            _buffer.AsSpan(_start, count).CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, FirstBytes));
            _buffer.AsSpan(_start, count).CopyTo(larger);
            Release();
            _buffer = larger;
        }

        _start = 0;
        _end = count;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        _start = _end = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
