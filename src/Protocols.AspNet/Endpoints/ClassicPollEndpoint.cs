using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>The receiving side of a client that polls. Every answer has a cursor and messages, if only none: clients poll in a hot loop otherwise.</summary>
internal sealed class ClassicPollEndpoint(ClassicConnections connections, TimeProvider time)
{
    /// <summary>Answers one poll; the first, <c>/connect</c>, at once.</summary>
    public async Task RunAsync(ClassicReceive receive)
    {
        var context = receive.Request.Context;
        var connection = receive.Connection;
        var delay = connection.Client.Times.LongPollDelayMilliseconds;
        if (receive.IsConnect)
        {
            var cursor = await connection.BeginAsync(null, receive.Request.Version);
            await ClassicAnswers.JsonAsync(context, cursor is null
                ? connection.Farewell(connection.CloseReason) ?? ClassicEnvelope.Empty(connections.NewCursor())
                : ClassicEnvelope.Initialized(cursor, delay));
            return;
        }

        var stream = new PollStream(context, connection, delay, time.GetTimestamp());
        var result = AttachResult.Ended;
        try
        {
            result = await receive.AttachAsync(stream, connections);
            if (result == AttachResult.Attached)
            {
                await using var aborted = context.RequestAborted.UnsafeRegister(
                    static poll => ((PollStream)poll!).Finish(StreamEnd.Abandoned), stream);
                await stream.End;
            }
        }
        finally
        {
            await connection.DetachAsync(stream);
            stream.LetGo();
        }

        if (!stream.HasAnswered && !context.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(receive, stream, result, delay);
        }
    }

    private async Task AnswerAsync(ClassicReceive receive, PollStream stream, AttachResult result, int delay)
    {
        var (context, connection) = (receive.Request.Context, receive.Connection);
        if (result == AttachResult.Gap)
        {
            await (receive.Request.Version >= ClassicProtocolVersion.WithErrors
                ? ClassicAnswers.JsonAsync(context, ClassicEnvelope.Error(connections.NewCursor(), ClassicReceive.GapText))
                : ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, ClassicReceive.GapText));
            return;
        }

        var reason = connection.CloseReason;
        var cursor = connection.LastCursor();
        var asksToReconnect = (stream.End is { IsCompletedSuccessfully: true, Result: StreamEnd.ServerLost } && reason == CloseReason.None)
            || reason is CloseReason.Shutdown or CloseReason.ServerConnectionLost;
        try
        {
            await stream.AnswerAsync(
                asksToReconnect ? ClassicEnvelope.Reconnect(cursor)
                : (reason == CloseReason.None ? null : connection.Farewell(reason)) ?? ClassicEnvelope.Empty(cursor, delay));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client gave the poll up at this moment.
        }
    }
}
