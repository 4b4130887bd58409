using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;
using Tandem.Transports;
using CloseReasons = Tandem.Routing.Connections.CloseReason;

namespace Tandem.Protocols.AspNet.Connections;

/// <content>What is due when the node's tick comes: keep-alives, time-outs, and what need not be kept any longer.</content>
internal sealed partial class ClassicConnection
{
    // A write takes microseconds, unless the client does not read.
    private static readonly TimeSpan DetachTime = TimeSpan.FromSeconds(1);

    private readonly long _createdTimestamp;

    // When the present state began: without a stream, with this stream, closing. Guarded by _lock.
    private long _sinceTimestamp;
    private long _lastKeepAlive;

    private ClassicTimes Times => Client.Times;

    /// <summary>Does what is due at <paramref name="now"/>.</summary>
    /// <returns>False when the connection is to be forgotten.</returns>
    public bool OnHeartbeat(long now)
    {
        IClassicStream? stream;
        CloseReasons closing;
        long since;
        lock (_lock)
        {
            (stream, closing, since) = (_stream, _closeReason, _sinceTimestamp);
        }

        var elapsed = _context.Time.GetElapsedTime(since, now);
        if (closing != CloseReasons.None)
        {
            return CheckClosing(stream, elapsed);
        }

        _replay.ReleaseOlder(now - (long)(Times.ReplayTime.TotalSeconds * _context.Time.TimestampFrequency));
        if (Client.Principal.ExpiresOn <= _context.Time.GetUtcNow())
        {
            Close(CloseReasons.TokenExpired);
        }
        else if (!IsStarted && _context.Router.Refusal == CloseReasons.Shutdown)
        {
            // The router does not know it yet, so the drain cannot end it.
            Close(CloseReasons.Shutdown);
        }
        else if (stream is null)
        {
            if (elapsed >= Times.DisconnectTimeout + Times.LongPollDelay)
            {
                Close(CloseReasons.TransportFailed);
            }
        }
        else if (!IsStarted && _context.Time.GetElapsedTime(_createdTimestamp, now) >= Times.DisconnectTimeout)
        {
            Close(CloseReasons.HandshakeTimeout);
        }
        else
        {
            CheckStream(stream, now);
        }

        return true;
    }

    private bool CheckClosing(IClassicStream? stream, TimeSpan elapsed)
    {
        // Without a stream there is nobody to tell; but a client that polls between two polls wants to hear why.
        if (elapsed < _context.Options.CloseTimeout || (stream is null && elapsed < Times.DisconnectTimeout && _kind == ClientTransports.LongPolling))
        {
            return true;
        }

        Abort();
        return false;
    }

    private void CheckStream(IClassicStream stream, long now)
    {
        var isPoll = stream.Kind == ClientTransports.LongPolling;
        if ((isPoll || Times.KeepAlive is null) && _context.Time.GetElapsedTime(stream.StartTimestamp, now) >= Times.ConnectionTimeout)
        {
            stream.Finish(StreamEnd.TimedOut);
            return;
        }

        // Whatever else is sent: JavaScript clients do not count results as signs of life.
        var last = Math.Max(_lastKeepAlive, stream.StartTimestamp);
        if (Times.KeepAlive is { } keepAlive && _context.Time.GetElapsedTime(last, now) >= keepAlive)
        {
            _lastKeepAlive = now;
            Queue.TryEnqueueKeepAlive(new Frame(ClassicFrame.KeepAlive));
        }
    }
}
