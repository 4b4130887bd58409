using System.Security.Claims;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Gateway.ServerConnections;

/// <summary>Where app servers connect: <c>/server/?hub=…&amp;cid=…</c>, classic ones <c>/aspnetserver/?hub=…&amp;cid=…</c>.</summary>
internal sealed class ServerConnectionEndpoint(HubTable hubs, ServerConnectionTable table, ServerConnectionServices services)
{
    // Names travel in logs and in pings; no SDK makes longer ones.
    private const int MaxNameLength = 256;

    /// <summary>Accepts the WebSocket of an app server and serves it to its end.</summary>
    /// <param name="context">The request.</param>
    /// <param name="family">The family of clients the app server serves.</param>
    public async Task AcceptAsync(HttpContext context, ProtocolFamily family)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "App servers connect here with a WebSocket; this is no WebSocket request.");
            return;
        }

        if (services.Clients.Refusal == CloseReason.Shutdown)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, CloseReason.Shutdown.Describe());
            return;
        }

        // The policy has compared the hub with the token's, so it is there.
        var hub = hubs.GetOrAdd(context.Request.Query[ServicePaths.HubQuery].FirstOrDefault() ?? string.Empty);
        if (hub is null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "This gateway serves as many hubs as it may (Limits:MaxHubs).");
            return;
        }

        var name = table.Reserve(hub, Short(context.Request.Query[ServicePaths.ServerConnectionIdQuery]));
        if (name is null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The hub has as many server connections as it may (Servers:MaxConnectionsPerHub).");
            return;
        }

        try
        {
            // The service protocol has pings of its own, which also prove that the app server's read loop runs.
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
            var connection = new ServerConnection(name, ServerId(context) ?? name, hub, family, socket, services);
            table.Add(connection);
            try
            {
                await connection.RunAsync();
            }
            finally
            {
                table.Remove(connection);
            }
        }
        finally
        {
            table.Release(hub, name);
        }
    }

    private static string? ServerId(HttpContext context) =>
        Short(context.Request.Headers[ServiceHeaders.ServerId]) ?? Short(context.User.FindFirstValue(ClaimTypes.NameIdentifier));

    private static string? Short(string? text) => string.IsNullOrEmpty(text) ? null : text.Length <= MaxNameLength ? text : text[..MaxNameLength];

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
