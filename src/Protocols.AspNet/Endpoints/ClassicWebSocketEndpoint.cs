using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>The receiving, and sending, side of a client that has a WebSocket.</summary>
internal sealed class ClassicWebSocketEndpoint(IOptions<ClassicProtocolOptions> options, ClassicConnections connections, TimeProvider time)
{
    /// <summary>Serves the socket to its end.</summary>
    public async Task RunAsync(ClassicReceive receive)
    {
        using var socket = await AcceptAsync(receive.Request.Context);
        var stream = new SocketStream(socket, receive.Connection, time.GetTimestamp());
        AttachResult result;
        try
        {
            result = await receive.AttachAsync(stream, connections);
        }
        catch
        {
            await receive.Connection.DetachAsync(stream);
            throw;
        }

        if (result == AttachResult.Attached)
        {
            await ServeAsync(socket, stream, receive.Connection);
        }
        else
        {
            await SayAndCloseAsync(socket, result == AttachResult.Gap && receive.Request.Version >= ClassicProtocolVersion.WithErrors
                ? ClassicEnvelope.Error(connections.NewCursor(), ClassicReceive.GapText)
                : null);
        }
    }

    /// <summary>Opens the socket only to say why it is closed.</summary>
    public async Task EndAsync(HttpContext context, byte[] farewell)
    {
        using var socket = await AcceptAsync(context);
        await SayAndCloseAsync(socket, farewell);
    }

    // The protocol has a keep-alive of its own.
    private static Task<WebSocket> AcceptAsync(HttpContext context) =>
        context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });

    private static bool IsGone(Exception exception) => exception is WebSocketException or ConnectionAbortedException or ConnectionResetException
        or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private async Task ServeAsync(WebSocket socket, SocketStream stream, ClassicConnection connection)
    {
        var receiving = ReceiveAsync(socket, stream);
        await Task.WhenAny(receiving, stream.End);
        stream.Finish(StreamEnd.Abandoned);
        await connection.DetachAsync(stream);
        if (receiving is { IsCompletedSuccessfully: true, Result: WebSocketPumpEnd.MessageTooLarge or WebSocketPumpEnd.BinaryMessage or null })
        {
            // Without a close message, as in ASP.NET SignalR: the client takes it for an accident and reconnects.
            socket.Abort();
        }

        await CloseAsync(socket, receiving);
    }

    /// <summary>The end of the receive loop; null when the socket broke.</summary>
    private async Task<WebSocketPumpEnd?> ReceiveAsync(WebSocket socket, SocketStream stream)
    {
        try
        {
            // Not cancelled: a close message to the client waits for the client's own.
            return await WebSocketMessagePump.RunAsync(socket, stream, options.Value.MaxMessageBytes, CancellationToken.None);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null;
        }
    }

    private async Task SayAndCloseAsync(WebSocket socket, byte[]? farewell)
    {
        try
        {
            if (farewell is not null)
            {
                await socket.SendAsync(farewell, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return;
        }

        await CloseAsync(socket, DropAsync(socket));
    }

    /// <summary>Says goodbye and waits for the client's answer; a client that gives none is cut off.</summary>
    private async Task CloseAsync(WebSocket socket, Task receiving)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None)
                    .WaitAsync(options.Value.CloseTimeout, time);
            }

            var dropping = receiving.IsCompleted ? DropAsync(socket) : Task.CompletedTask;
            await Task.WhenAll(receiving, dropping).WaitAsync(options.Value.CloseTimeout, time);
        }
        catch (Exception exception) when (exception is TimeoutException || IsGone(exception))
        {
            socket.Abort();
            await receiving;
        }
    }

    /// <summary>Reads what the client still sends before its close message, and drops it.</summary>
    private static async Task DropAsync(WebSocket socket)
    {
        var ignored = new byte[256];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // That is an end, too.
        }
    }
}
