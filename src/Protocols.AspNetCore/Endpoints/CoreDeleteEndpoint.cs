using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary><c>DELETE /client</c>: how a client that polls says goodbye.</summary>
internal sealed class CoreDeleteEndpoint(CoreConnections connections)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await CoreEndpointContext.FindAsync(context, connections) is not { } connection)
        {
            return;
        }

        if (connection.Transport != ClientTransports.LongPolling)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, "Only long polling connections are ended by DELETE.");
            return;
        }

        connection.Close(CloseReason.ClientClosed);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "text/plain";
    }
}
