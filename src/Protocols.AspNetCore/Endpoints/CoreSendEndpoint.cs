using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary><c>POST /client</c>: messages of a client that receives by events or polls. Answered when the app server's connection has taken them.</summary>
internal sealed class CoreSendEndpoint(CoreConnections connections)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await CoreEndpointContext.FindAsync(context, connections) is not { } connection)
        {
            return;
        }

        if (connection.Transport is ClientTransports.WebSockets or ClientTransports.None)
        {
            await HttpRefusal.WriteAsync(
                context,
                connection.Transport == ClientTransports.None ? StatusCodes.Status409Conflict : StatusCodes.Status405MethodNotAllowed,
                connection.Transport == ClientTransports.None ? "Open the receiving side first." : "Messages of this connection go over its WebSocket.");
            return;
        }

        await connection.SendGate!.WaitAsync(context.RequestAborted);
        try
        {
            await ReceiveAsync(context, connection);
        }
        finally
        {
            connection.SendGate.Release();
        }
    }

    private static async Task ReceiveAsync(HttpContext context, CoreConnection connection)
    {
        LiftBodyLimit(context);
        using var buffer = new InboundBuffer();
        var body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(context.RequestAborted);
            }
            catch (BadHttpRequestException exception)
            {
                await HttpRefusal.WriteAsync(context, exception.StatusCode, "The request body could not be read: " + exception.Message);
                return;
            }

            foreach (var segment in read.Buffer)
            {
                segment.CopyTo(buffer.GetMemory(segment.Length));
                buffer.Advance(segment.Length);
            }

            body.AdvanceTo(read.Buffer.End);
            if (!buffer.Written.IsEmpty && !await connection.OnReceivedAsync(buffer))
            {
                await RefuseAsync(context, connection);
                return;
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        if (!buffer.Written.IsEmpty)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, "The request ends in the middle of a message.");
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "text/plain";
    }

    /// <summary>
    /// A client may gather any number of messages into one POST. They are taken off piece by piece, and no more is held than one message
    /// may have, so the web server's limit for whole bodies protects nothing here.
    /// </summary>
    private static void LiftBodyLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private static Task RefuseAsync(HttpContext context, CoreConnection connection) => connection.CloseReason switch
    {
        CloseReason.MessageTooLarge or CloseReason.ProtocolViolation or CloseReason.HandshakeInvalid => HttpRefusal.WriteAsync(context, connection.CloseReason),
        // The receiving side tells the client what happened.
        _ => HttpRefusal.WriteAsync(context, StatusCodes.Status404NotFound, "The connection has ended."),
    };
}
