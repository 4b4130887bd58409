using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary><c>…/send</c>: a message of a client that receives by events or polls. Held until the result of the call comes, which is the answer.</summary>
internal sealed class ClassicSendEndpoint(ClassicConnections connections, IOptions<ClassicProtocolOptions> options)
{
    public async Task HandleAsync(ClassicRequest request)
    {
        var context = request.Context;
        if (request.Transport == ClientTransports.WebSockets)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "Not a valid web socket request.");
            return;
        }

        if (await ReadDataAsync(request) is not { } data)
        {
            return;
        }

        if (!connections.TryGet(request.ConnectionId, out var connection) || connection.CloseReason != CloseReason.None)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "There is no connection with that token any more. Start a new one.");
            return;
        }

        if (connection.Client.Hubs is null)
        {
            var reason = await connection.SendUpAsync(data);
            if (reason != CloseReason.None)
            {
                await ClassicAnswers.RefuseAsync(context, reason);
            }
        }
        else
        {
            await CallAsync(context, connection, data);
        }
    }

    private static async Task CallAsync(HttpContext context, ClassicConnection connection, ReadOnlyMemory<byte> data)
    {
        if (!CallId.TryRead(data.Span, out var call))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "The data is not a JSON object, or nested too deeply.");
            return;
        }

        if (connection.TryHold(call) is not { } held)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many calls of this connection wait for their results.");
            return;
        }

        try
        {
            var refused = await connection.SendUpAsync(data);
            if (refused != CloseReason.None)
            {
                await ClassicAnswers.RefuseAsync(context, refused);
                return;
            }

            var (json, lost) = await held.Result.WaitAsync(context.RequestAborted);
            if (lost == CloseReason.None)
            {
                // Clients take an answer without a body for one without a result.
                await (json.IsEmpty ? Task.CompletedTask : ClassicAnswers.JsonAsync(context, json));
            }
            else if (lost != CloseReason.ClientClosed)
            {
                await ClassicAnswers.RefuseAsync(context, lost);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up; the result will go down its stream.
        }
        finally
        {
            connection.LetGo(held);
        }
    }

    /// <summary>The message in the request; null, and the request answered, when there is none.</summary>
    private async ValueTask<byte[]?> ReadDataAsync(ClassicRequest request)
    {
        var context = request.Context;
        try
        {
            var form = await ClassicForm.ReadAsync(context, options.Value.MaxSendBytes);
            var data = ClassicForm.Value(form, context.Request, "data", alsoInQuery: request.Transport == ClientTransports.LongPolling);
            if (data is not null)
            {
                return Encoding.UTF8.GetBytes(data);
            }

            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "The form has no field 'data'.");
        }
        catch (BadHttpRequestException exception)
        {
            await ClassicAnswers.RefuseAsync(context, exception.StatusCode, exception.Message);
        }
        catch (InvalidDataException exception)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, exception.Message);
        }

        return null;
    }
}
