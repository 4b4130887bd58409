using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>One poll: blanks while it waits, then one envelope with all there is.</summary>
internal sealed class PollStream(HttpContext context, ClassicConnection connection, int longPollDelay, long startTimestamp) : IClassicStream
{
    /// <summary>Content type of every envelope and result in a response.</summary>
    public const string ContentType = "application/json; charset=UTF-8";

    // White space in front of JSON: it keeps what is between client and gateway from giving up.
    private static readonly Frame[] Blank = [new(" "u8.ToArray())];

    private readonly RequestAborter _request = new(context);
    private readonly TaskCompletionSource<StreamEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWriting;
    private volatile bool _hasAnswered;

    public ClientTransports Kind => ClientTransports.LongPolling;

    public long StartTimestamp => startTimestamp;

    public Task<StreamEnd> End => _end.Task;

    /// <summary>Whether an envelope was, or is being, written.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>The endpoint is about to return: the request is not touched from now on.</summary>
    public void LetGo() => _request.LetGo();

    public void Finish(StreamEnd end) => _end.TrySetResult(end);

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        var messages = new List<ReadOnlyMemory<byte>>(frames.Length);
        var isAlive = false;
        foreach (var frame in connection.OnSending(frames, Kind).Span)
        {
            if (ClassicFrame.IsMessage(frame.Bytes.Span))
            {
                messages.Add(frame.Bytes);
            }
            else
            {
                isAlive |= ClassicFrame.IsKeepAlive(frame.Bytes.Span);
            }
        }

        if (messages.Count == 0)
        {
            if (isAlive)
            {
                await SendAsync(Blank);
            }

            return true;
        }

        _hasAnswered = true;
        await SendAsync([new Frame(ClassicEnvelope.Merge([.. messages], longPollDelay))]);
        Finish(StreamEnd.Delivered);
        return false;
    }

    /// <summary>Answers without messages. To be called when the stream is detached, by its endpoint.</summary>
    public ValueTask AnswerAsync(byte[] envelope)
    {
        _hasAnswered = true;
        return SendAsync([new Frame(envelope)]);
    }

    public ValueTask CloseAsync(CloseReason reason)
    {
        Finish(StreamEnd.Closed);
        return ValueTask.CompletedTask;
    }

    public void Abort()
    {
        Finish(StreamEnd.Closed);

        // A poll that nothing is being written to can still be answered, and the client told why it ends. A write that is under way, if only of
        // a blank, may be one to a client that does not read: it would never end, and whoever takes the stream away waits for it.
        if (HasAnswered || _isWriting)
        {
            _request.Abort();
        }
    }

    private async ValueTask SendAsync(Frame[] frames)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = ContentType;
        }

        _isWriting = true;
        await ResponseFrames.WriteAsync(context, frames);
        _isWriting = false;
    }
}
