using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>How a poll ended.</summary>
public enum PollEnd
{
    /// <summary>It still waits.</summary>
    Waiting,

    /// <summary>Messages were written.</summary>
    Delivered,

    /// <summary>Nothing came in time: an empty answer, and the client polls again.</summary>
    TimedOut,

    /// <summary>The connection has ended: no content, and the client stops.</summary>
    Closed,

    /// <summary>The client gave the request up.</summary>
    Abandoned,

    /// <summary>Another poll of the same connection took its place.</summary>
    Superseded,
}

/// <summary>Answers one poll with one batch of frames.</summary>
/// <param name="context">The poll; its response has not started.</param>
/// <param name="contentType">Content type of an answer with messages.</param>
/// <param name="startTimestamp">When the poll began.</param>
public sealed class LongPollClientTransport(HttpContext context, string contentType, long startTimestamp) : IClientTransport
{
    private readonly RequestAborter _request = new(context);
    private readonly TaskCompletionSource<PollEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the poll began.</summary>
    public long StartTimestamp => startTimestamp;

    /// <summary>Completes when the poll is to be answered.</summary>
    public Task<PollEnd> End => _end.Task;

    /// <summary>Whether messages were, or are being, written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Ends the wait for another reason than a message. Messages that come at the same moment are still written.</summary>
    public void Finish(PollEnd end) => _end.TrySetResult(end);

    /// <summary>The endpoint is about to return: the request is not touched from now on.</summary>
    public void LetGo() => _request.LetGo();

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        HasStarted = true;
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        await ResponseFrames.WriteAsync(context, frames);
        _end.TrySetResult(PollEnd.Delivered);
        return false;
    }

    /// <inheritdoc />
    public ValueTask CloseAsync(CloseReason reason)
    {
        _end.TrySetResult(PollEnd.Closed);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public void Abort()
    {
        _end.TrySetResult(PollEnd.Closed);
        if (HasStarted)
        {
            _request.Abort();
        }
    }
}
