using System.Net.WebSockets;

namespace Tandem.Transports;

/// <summary>The receive loop of a client's WebSocket.</summary>
public static class WebSocketPump
{
    private const int ReceiveBytes = 2048;

    /// <summary>
    /// Receives until the client closes, the handler has had enough, or the socket breaks. Waits with a zero-byte receive, so that an
    /// idle connection holds no buffer.
    /// </summary>
    /// <returns>True when the client closed in an orderly way; false when the handler ended it.</returns>
    /// <exception cref="WebSocketException">The socket broke.</exception>
    public static async Task<bool> RunAsync(WebSocket socket, IInboundHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(handler);
        using var buffer = new InboundBuffer();
        while (true)
        {
            var ready = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
            if (ready.MessageType == WebSocketMessageType.Close)
            {
                return true;
            }

            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.GetMemory(ReceiveBytes), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return true;
                }

                buffer.Advance(received.Count);
                if (!await handler.OnReceivedAsync(buffer))
                {
                    return false;
                }

                if (buffer.Written.IsEmpty)
                {
                    buffer.Dispose();
                }
            }
            while (!received.EndOfMessage);
        }
    }
}
