using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary><c>GET /client</c> without more: long polling. The first poll is answered at once, so that the client knows it is connected.</summary>
internal sealed class CorePollEndpoint(CoreConnections connections, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await CoreEndpointContext.FindAsync(context, connections) is not { } connection)
        {
            return;
        }

        if (!connection.Principal.AllowedTransports.HasFlag(ClientTransports.LongPolling))
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status403Forbidden, "The access token does not allow long polling.");
            return;
        }

        if (connection.TryStart(ClientTransports.LongPolling, context.Request))
        {
            Empty(context);
            return;
        }

        if (connection.Transport != ClientTransports.LongPolling)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status409Conflict, "The connection has another transport.");
            return;
        }

        await PollAsync(context, connection);
    }

    private static void Empty(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-cache,no-store";
    }

    private async Task PollAsync(HttpContext context, CoreConnection connection)
    {
        var poll = new LongPollClientTransport(context, connection.PollContentType, time.GetTimestamp());
        var end = PollEnd.Closed;
        try
        {
            if (await connection.TryAttachAsync(poll))
            {
                await using var aborted = context.RequestAborted.UnsafeRegister(
                    static poll => ((LongPollClientTransport)poll!).Finish(PollEnd.Abandoned), poll);
                end = await poll.End;
            }

            await connection.DetachAsync(poll);
        }
        finally
        {
            poll.LetGo();
        }

        if (poll.HasStarted)
        {
            return;
        }

        switch (end)
        {
            case PollEnd.TimedOut:
                Empty(context);
                break;
            case PollEnd.Closed when connection.CloseReason != CloseReason.None:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                connections.Remove(CoreEndpointContext.ReadToken(context.Request)!);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }
}
