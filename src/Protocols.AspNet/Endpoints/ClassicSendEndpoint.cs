using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary><c>…/send</c>: a message of a client that receives by events or polls. Held until the result of the call comes, which is the answer.</summary>
internal sealed class ClassicSendEndpoint(ClassicConnections connections, IOptions<ClassicProtocolOptions> options)
{
    // The answer where the result goes down the stream. Clients ignore a result whose id is none of theirs, and count on that: progress has such
    // an id, too. An answer without a body suits Microsoft's clients, but those of others (signalr-no-jquery) parse it and call the send a failure.
    private static readonly byte[] ResultOfNoCall = [.. "{\"I\":\"P|\"}"u8];

    public async Task HandleAsync(ClassicRequest request)
    {
        // The message is gone when this returns: what waits for a result, a minute perhaps, must not keep it in memory.
        if (await BeginAsync(request) is var (connection, held))
        {
            await AnswerAsync(request.Context, connection, held);
        }
    }

    /// <summary>Takes the message to the app server. Null, and the request answered, when there is no result to wait for.</summary>
    private async Task<(ClassicConnection Connection, PendingSend Held)?> BeginAsync(ClassicRequest request)
    {
        var context = request.Context;
        if (request.Transport == ClientTransports.WebSockets)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "Not a valid web socket request.");
            return null;
        }

        if (await ReadDataAsync(request) is not { } data)
        {
            return null;
        }

        if (!connections.TryGet(request.ConnectionId, out var connection) || connection.CloseReason != CloseReason.None)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "There is no connection with that token any more. Start a new one.");
            return null;
        }

        var isCall = connection.Client.Hubs is not null;
        CallId call = default;
        if (isCall && !CallId.TryRead(data, out call))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "The data is not a JSON object, or nested too deeply.");
            return null;
        }

        // What is no call has no result, but it may wait as well: for an app server to come, or to read.
        if (connection.TryHold(call, isCall) is not { } held)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many POSTs of this connection wait.");
            return null;
        }

        var goesOn = false;
        try
        {
            var refused = await connection.SendUpAsync(data);
            if (refused != CloseReason.None)
            {
                await ClassicAnswers.RefuseAsync(context, refused);
                return null;
            }

            goesOn = isCall;
            return isCall ? (connection, held) : null;
        }
        catch (ProtocolViolationException)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "The data is no call of a hub method.");
            return null;
        }
        finally
        {
            if (!goesOn)
            {
                connection.Release(held);
            }
        }
    }

    private static async Task AnswerAsync(HttpContext context, ClassicConnection connection, PendingSend held)
    {
        try
        {
            var (json, lost) = await held.Result.WaitAsync(context.RequestAborted);
            if (lost == CloseReason.None)
            {
                await ClassicAnswers.JsonAsync(context, json.IsEmpty ? ResultOfNoCall : json);
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
