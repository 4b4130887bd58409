using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>
/// <c>…/connect</c>, <c>…/reconnect</c>, <c>…/poll</c> and whatever else a client that receives may ask for: finds or makes the connection, sees to
/// its pairing, and leaves the rest to the transport.
/// </summary>
internal sealed class ClassicReceiveEndpoint(
    ClassicConnections connections,
    ConnectionIds ids,
    ClassicWebSocketEndpoint sockets,
    ClassicEventsEndpoint events,
    ClassicPollEndpoint polls,
    IOptions<ClassicProtocolOptions> options)
{
    public async Task HandleAsync(ClassicRequest request)
    {
        var context = request.Context;
        if (request.Transport == ClientTransports.WebSockets && !context.WebSockets.IsWebSocketRequest)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "Not a valid web socket request.");
            return;
        }

        var isConnect = request.EndsWith("/connect");
        var connection = isConnect ? connections.GetOrAdd(request.ConnectionId, () => request.ToClient(ids.NodeTag)) : Find(request);
        if (connection is null && isConnect)
        {
            await ClassicAnswers.RefuseAsync(context, CloseReason.Overloaded);
        }
        else if (connection is null || connection.CloseReason != CloseReason.None)
        {
            await EndAsync(request, connection?.Farewell(connection.CloseReason), connection?.CloseReason ?? CloseReason.None);
        }
        else
        {
            await ReceiveAsync(request, connection, isConnect);
        }
    }

    private ClassicConnection? Find(ClassicRequest request) => connections.TryGet(request.ConnectionId, out var connection) ? connection : null;

    private async Task ReceiveAsync(ClassicRequest request, ClassicConnection connection, bool isConnect)
    {
        var context = request.Context;
        var pairs = isConnect ? request.Version < ClassicProtocolVersion.WithStart : connection.IsStarted;
        var tellsAppServer = !isConnect && (request.Transport != ClientTransports.LongPolling || request.EndsWith("/reconnect"));
        if (pairs)
        {
            var (reason, isNew) = await connection.PairAsync();
            if (reason != CloseReason.None)
            {
                await ClassicAnswers.RefuseAsync(context, reason);
                return;
            }

            tellsAppServer &= !isNew;
        }

        string? messageId = null;
        if (!isConnect)
        {
            try
            {
                var form = await ClassicForm.ReadAsync(context, options.Value.MaxSendBytes);
                messageId = ClassicForm.Value(form, context.Request, "messageId");
            }
            catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
            {
                await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, exception.Message);
                return;
            }
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            // A client that gave up already has another request under way, whose place this one must not take.
            return;
        }

        var receive = new ClassicReceive(request, connection, isConnect, messageId, tellsAppServer && connection.IsStarted);
        await (request.Transport switch
        {
            ClientTransports.WebSockets => sockets.RunAsync(receive),
            ClientTransports.ServerSentEvents => events.RunAsync(receive),
            _ => polls.RunAsync(receive),
        });
    }

    /// <summary>Tells a client of a connection that is not there so that it does not try again, if its protocol has words for that.</summary>
    private Task EndAsync(ClassicRequest request, byte[]? farewell, CloseReason reason)
    {
        if (request.Version < ClassicProtocolVersion.WithErrors)
        {
            return ClassicAnswers.RefuseAsync(request.Context, StatusCodes.Status404NotFound, "There is no connection with that token any more. Start a new one.");
        }

        if (reason.ShouldReconnect() && reason is not (CloseReason.TransportFailed or CloseReason.TokenExpired or CloseReason.SlowConsumer))
        {
            return ClassicAnswers.RefuseAsync(request.Context, reason);
        }

        farewell ??= ClassicEnvelope.Error(connections.NewCursor(), "There is no such connection any more. Start a new one.");
        return request.Transport switch
        {
            ClientTransports.WebSockets => sockets.EndAsync(request.Context, farewell),
            ClientTransports.ServerSentEvents => ClassicEventsEndpoint.EndAsync(request.Context, farewell),
            _ => ClassicAnswers.JsonAsync(request.Context, farewell),
        };
    }
}
