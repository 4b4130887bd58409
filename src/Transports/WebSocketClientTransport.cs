using System.Buffers;
using System.Net.WebSockets;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>Sends frames as WebSocket messages.</summary>
/// <param name="socket">The accepted socket; the endpoint owns it.</param>
/// <param name="mergesFrames">Whether several frames may share one WebSocket message, as the Core protocol allows.</param>
public sealed class WebSocketClientTransport(WebSocket socket, bool mergesFrames) : IClientTransport
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the close message has been sent, or the transport was aborted.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether messages are text or binary; set when the handshake has said which protocol it is.</summary>
    public WebSocketMessageType MessageType { get; set; } = WebSocketMessageType.Text;

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        if (frames.Length > 1 && mergesFrames)
        {
            await WriteMergedAsync(frames);
            return true;
        }

        for (var i = 0; i < frames.Length; i++)
        {
            await SendAsync(frames.Span[i].Bytes);
        }

        return true;
    }

    /// <inheritdoc />
    public async ValueTask CloseAsync(CloseReason reason)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            // The client's answer ends the receive loop; its deadline is the owner's.
            await socket.CloseOutputAsync(Status(reason), statusDescription: null, CancellationToken.None);
        }

        _closed.TrySetResult();
    }

    /// <inheritdoc />
    public void Abort()
    {
        socket.Abort();
        _closed.TrySetResult();
    }

    private static WebSocketCloseStatus Status(CloseReason reason) => reason switch
    {
        CloseReason.ProtocolViolation => WebSocketCloseStatus.ProtocolError,
        CloseReason.MessageTooLarge => WebSocketCloseStatus.MessageTooBig,
        CloseReason.InternalError => WebSocketCloseStatus.InternalServerError,
        _ => WebSocketCloseStatus.NormalClosure,
    };

    private async ValueTask WriteMergedAsync(ReadOnlyMemory<Frame> frames)
    {
        var length = 0;
        foreach (var frame in frames.Span)
        {
            length += frame.Bytes.Length;
        }

        // The copy has one owner, so it may be pooled: the socket is done with it when the call completes.
        var merged = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var written = 0;
            foreach (var frame in frames.Span)
            {
                frame.Bytes.Span.CopyTo(merged.AsSpan(written));
                written += frame.Bytes.Length;
            }

            await SendAsync(merged.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(merged);
        }
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> bytes) =>
        socket.SendAsync(bytes, MessageType, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, CancellationToken.None);
}
