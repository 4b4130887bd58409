using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary><c>GET /client</c>: a WebSocket, an event stream, or a poll, whichever the request asks for.</summary>
internal sealed class CoreConnectEndpoint(CoreConnections connections, ConnectionRouter router, CorePollEndpoint polls)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await HandleWebSocketAsync(context);
        }
        else if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await HandleServerSentEventsAsync(context);
        }
        else
        {
            await polls.HandleAsync(context);
        }
    }

    private async Task HandleWebSocketAsync(HttpContext context)
    {
        string token;
        CoreConnection? connection;
        if (CoreEndpointContext.ReadToken(context.Request) is { } id)
        {
            token = id;
            connection = await CoreEndpointContext.FindAsync(context, connections);
            if (connection is null)
            {
                return;
            }
        }
        else
        {
            // A client that skips negotiate.
            if (await CoreEndpointContext.ReadHubAsync(context) is not { } hub)
            {
                return;
            }

            if (router.Refusal is var refusal and not CloseReason.None)
            {
                await HttpRefusal.WriteAsync(context, refusal);
                return;
            }

            var principal = new ClientPrincipal(context.User);
            if (!await CheckAllowedAsync(context, principal, ClientTransports.WebSockets))
            {
                return;
            }

            connection = connections.TryAddDirect(hub, principal, out token);
            if (connection is null)
            {
                await HttpRefusal.WriteAsync(context, CloseReason.Overloaded);
                return;
            }

            connection.Library = ClientLibraries.ReadCore(context.Request);
        }

        if (!await TryStartAsync(context, connection, ClientTransports.WebSockets))
        {
            return;
        }

        try
        {
            // The hub protocol has its own keep-alive.
            using var socket = await context.WebSockets.AcceptWebSocketAsync(
                new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
            await RunAsync(socket, connection);
        }
        finally
        {
            connection.Close(CloseReason.TransportFailed);
            connection.Abort();
            connections.Remove(token);
        }
    }

    private static async Task RunAsync(WebSocket socket, CoreConnection connection)
    {
        var transport = new WebSocketClientTransport(socket, mergesFrames: true);
        if (!connection.TryAttach(transport))
        {
            return;
        }

        try
        {
            // The loop is not cancelled: a close message to the client waits for the client's own, and a client that does not
            // answer is aborted by the heartbeat, which ends the receive.
            var closedByClient = await WebSocketPump.RunAsync(socket, connection, CancellationToken.None);
            if (closedByClient)
            {
                connection.Close(CloseReason.ClientClosed);
            }

            await transport.Closed;
            await ReceiveCloseAsync(socket);
        }
        catch (Exception exception) when (exception is WebSocketException or ConnectionAbortedException or ConnectionResetException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            connection.Close(CloseReason.TransportFailed);
        }
    }

    /// <summary>Reads what the client still sends before its close message, and drops it.</summary>
    private static async Task ReceiveCloseAsync(WebSocket socket)
    {
        var ignored = new byte[256];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None);
        }
    }

    private async Task HandleServerSentEventsAsync(HttpContext context)
    {
        if (await CoreEndpointContext.FindAsync(context, connections) is not { } connection
            || !await TryStartAsync(context, connection, ClientTransports.ServerSentEvents))
        {
            return;
        }

        var transport = new ServerSentEventsClientTransport(context);
        try
        {
            await transport.StartAsync();
            if (connection.Queue.TryAttach(transport))
            {
                await transport.Closed.WaitAsync(context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client ended the request; that is how an event stream is closed.
            connection.Close(CloseReason.ClientClosed);
        }
        finally
        {
            connection.Close(CloseReason.TransportFailed);

            // Detached before anything is aborted: the abort would take with it what the client has not received of its last events.
            await connection.Queue.DetachAsync(transport);
            connection.Abort();
            transport.LetGo();
            connections.Remove(CoreEndpointContext.ReadToken(context.Request)!);
        }
    }

    private static async ValueTask<bool> CheckAllowedAsync(HttpContext context, ClientPrincipal principal, ClientTransports transport)
    {
        if (principal.AllowedTransports.HasFlag(transport))
        {
            return true;
        }

        await HttpRefusal.WriteAsync(context, StatusCodes.Status403Forbidden, $"The access token does not allow {transport}.");
        return false;
    }

    private static async ValueTask<bool> TryStartAsync(HttpContext context, CoreConnection connection, ClientTransports transport)
    {
        if (!await CheckAllowedAsync(context, connection.Principal, transport))
        {
            return false;
        }

        if (!connection.TryStart(transport, context.Request))
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status409Conflict, "The connection has a transport already.");
            return false;
        }

        return true;
    }
}
