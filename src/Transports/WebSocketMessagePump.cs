using System.Net.WebSockets;

namespace Tandem.Transports;

/// <summary>How the receive loop of a client's WebSocket ended.</summary>
public enum WebSocketPumpEnd
{
    /// <summary>The client sent its close message.</summary>
    ClosedByClient,

    /// <summary>The handler wanted no more.</summary>
    EndedByHandler,

    /// <summary>The client sent a message larger than allowed.</summary>
    MessageTooLarge,

    /// <summary>The client sent a binary message.</summary>
    BinaryMessage,
}

/// <summary>The receive loop of a client's WebSocket whose messages are text, and units of their own.</summary>
public static class WebSocketMessagePump
{
    private const int ReceiveBytes = 2048;

    /// <summary>Receives until one of the ends. Waits with a zero-byte receive, so that an idle connection holds no buffer.</summary>
    /// <exception cref="WebSocketException">The socket broke.</exception>
    public static async Task<WebSocketPumpEnd> RunAsync(WebSocket socket, IMessageHandler handler, int maxMessageBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(handler);
        using var buffer = new InboundBuffer();
        while (true)
        {
            var ready = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
            if (ready.MessageType == WebSocketMessageType.Close)
            {
                return WebSocketPumpEnd.ClosedByClient;
            }

            var isWhole = ready.EndOfMessage;
            while (!isWhole)
            {
                var received = await socket.ReceiveAsync(buffer.GetMemory(ReceiveBytes), cancellationToken);
                if (received.MessageType != WebSocketMessageType.Text)
                {
                    return received.MessageType == WebSocketMessageType.Close ? WebSocketPumpEnd.ClosedByClient : WebSocketPumpEnd.BinaryMessage;
                }

                buffer.Advance(received.Count);
                if (buffer.Written.Length > maxMessageBytes)
                {
                    return WebSocketPumpEnd.MessageTooLarge;
                }

                isWhole = received.EndOfMessage;
            }

            if (ready.MessageType == WebSocketMessageType.Binary)
            {
                return WebSocketPumpEnd.BinaryMessage;
            }

            if (!await handler.OnMessageAsync(buffer.Written))
            {
                return WebSocketPumpEnd.EndedByHandler;
            }

            buffer.Dispose();
        }
    }
}
