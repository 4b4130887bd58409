using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <content>The streams of the connection, and what is sent on them.</content>
internal sealed partial class ClassicConnection
{
    // One stream after the other: taking messages out for the next one must not overlap with the same for yet another.
    private readonly SemaphoreSlim _attaching = new(1, 1);
    private IClassicStream? _stream;
    private volatile bool _understandsErrors;
    private volatile ClientTransports _kind;

    private IClassicStream? CurrentStream
    {
        get
        {
            lock (_lock)
            {
                return _stream;
            }
        }
    }

    /// <summary>Begins the client's receiving side anew: nothing that was sent before is sent again.</summary>
    /// <param name="stream">The stream; null for one that was answered at once, as the first poll is.</param>
    /// <param name="version">The protocol version of the request.</param>
    /// <returns>The cursor of the beginning; null when the connection has ended.</returns>
    public async Task<byte[]?> BeginAsync(IClassicStream? stream, Version version)
    {
        await _attaching.WaitAsync();
        try
        {
            await EndFormerAsync();
            var cursor = _context.Cursors.Next();
            _replay.Begin(cursor);
            if (!TrySet(stream, version))
            {
                return null;
            }

            return stream is null || Queue.TryAttach(stream, [new Frame(ClassicEnvelope.Initialized(cursor))]) ? cursor : null;
        }
        finally
        {
            _attaching.Release();
        }
    }

    /// <summary>Gives the connection a stream in place of a former one, and sends again what followed the last message the client saw.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="version">The protocol version of the request.</param>
    /// <param name="messageId">The cursor the client gave; one that this node cannot have made counts as none.</param>
    public async Task<AttachResult> AttachAsync(IClassicStream stream, Version version, string? messageId)
    {
        await _attaching.WaitAsync();
        try
        {
            await EndFormerAsync();
            Frame[] missed = [];
            if (_context.Cursors.IsOwn(messageId) && !_replay.TryTakeAfter(messageId!, out missed))
            {
                return CloseReason == Routing.Connections.CloseReason.None ? AttachResult.Gap : AttachResult.Ended;
            }

            if (!TrySet(stream, version) || !Queue.TryAttach(stream, missed))
            {
                return AttachResult.Ended;
            }

            if (missed.Length > 0)
            {
                _context.Metrics.Replayed(missed.Length);
            }

            return AttachResult.Attached;
        }
        finally
        {
            _attaching.Release();
        }
    }

    /// <summary>Takes a stream away. When the task completes, nothing more is written to it.</summary>
    public async Task DetachAsync(IClassicStream stream)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_stream, stream))
            {
                _stream = null;
                if (_closeReason == Routing.Connections.CloseReason.None)
                {
                    _sinceTimestamp = _context.Time.GetTimestamp();
                }
            }
        }

        await DetachFromQueueAsync(stream);
        Log.StreamEnded(_logger, ConnectionId, stream.Kind, stream.End.IsCompletedSuccessfully ? stream.End.Result : StreamEnd.None);
    }

    /// <summary>The cursor of the newest message the client was sent.</summary>
    public byte[] LastCursor() => _replay.LastCursor();

    /// <summary>Notes what is about to be sent, and leaves out what must not be.</summary>
    public ReadOnlyMemory<Frame> OnSending(ReadOnlyMemory<Frame> frames, ClientTransports kind)
    {
        List<Frame>? kept = null;
        for (var i = 0; i < frames.Length; i++)
        {
            var frame = frames.Span[i];
            if (!IsToBeSent(ref frame, kind))
            {
                // Rare, as is a changed frame, so that the usual case copies nothing.
                kept ??= [.. frames.Span[..i]];
            }
            else if (kept is not null || !frame.Bytes.Equals(frames.Span[i].Bytes))
            {
                (kept ??= [.. frames.Span[..i]]).Add(frame);
            }
        }

        return kept?.ToArray() ?? frames;
    }

    private bool IsToBeSent(ref Frame frame, ClientTransports kind)
    {
        var bytes = frame.Bytes.Span;
        if (ClassicFrame.IsMessage(bytes))
        {
            _replay.Add(frame, _context.Tick);
            return true;
        }

        if (ClassicFrame.IsKeepAlive(bytes) || ClassicFrame.IsEnvelope(bytes))
        {
            return true;
        }

        if (kind != ClientTransports.WebSockets || !CallId.TryReadResult(bytes, out var call))
        {
            return false;
        }

        if (!_calls.TryEnd(call.Text, out var original))
        {
            _context.Metrics.LateResult();
            return false;
        }

        if (original is not null)
        {
            frame = new Frame(call.Replace(bytes, original));
        }

        return true;
    }

    private bool TrySet(IClassicStream? stream, Version version)
    {
        lock (_lock)
        {
            _understandsErrors = version >= ClassicProtocolVersion.WithErrors;
            _kind = stream?.Kind ?? ClientTransports.LongPolling;
            if (_closeReason != Routing.Connections.CloseReason.None)
            {
                return false;
            }

            _stream = stream;
            _sinceTimestamp = _context.Time.GetTimestamp();
        }

        // Before the stream is attached: what waits for it may hold results of calls over the one before.
        _calls.Open(stream);
        Log.StreamOpened(_logger, ConnectionId, _kind);
        return true;
    }

    private async Task EndFormerAsync()
    {
        IClassicStream? former;
        lock (_lock)
        {
            former = _stream;
            _stream = null;
        }

        if (former is null)
        {
            return;
        }

        former.Finish(StreamEnd.Superseded);
        await DetachFromQueueAsync(former);
    }

    /// <summary>A write to a client that does not read would never end by itself.</summary>
    private async Task DetachFromQueueAsync(IClassicStream stream)
    {
        var detached = Queue.DetachAsync(stream);
        if (detached.IsCompleted)
        {
            return;
        }

        try
        {
            await detached.WaitAsync(DetachTime, _context.Time);
        }
        catch (TimeoutException)
        {
            stream.Abort();
            await detached;
        }
    }
}
