using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <content>What is due when the node's tick comes: time-outs, pings, expiry. All clocks are read here and not per message.</content>
internal sealed partial class CoreConnection
{
    // When the present state began: negotiated, started, poll ended, closing. Guarded by _lock.
    private long _sinceTimestamp;
    private long _startTimestamp;
    private long _lastReceived;
    private long _lastSent;
    private string? _handshakeError;
    private volatile bool _handshakeRead;
    private volatile bool _received;
    private volatile bool _hasPinged;
    private volatile bool _forwarding;

    /// <summary>Does what is due at <paramref name="now"/>.</summary>
    /// <returns>False when the connection is to be forgotten.</returns>
    public bool OnHeartbeat(long now)
    {
        ClientTransports transport;
        CloseReason closing;
        long since;
        long start;
        LongPollClientTransport? poll;
        bool isConnected;
        lock (_lock)
        {
            (transport, closing, since, start, poll, isConnected) = (_transport, _closeReason, _sinceTimestamp, _startTimestamp, _poll, _client is not null);
        }

        var elapsed = _context.Time.GetElapsedTime(since, now);
        if (closing != CloseReason.None)
        {
            return CheckClosing(transport, elapsed, poll, now);
        }

        if (transport == ClientTransports.None)
        {
            return elapsed < _context.Options.DisconnectTimeout || !TryExpire();
        }

        if (Principal.ExpiresOn <= _context.Time.GetUtcNow())
        {
            Close(CloseReason.TokenExpired);
        }
        else if (!isConnected && _context.Router.Refusal == CloseReason.Shutdown)
        {
            // The router does not know it yet, so the drain cannot end it.
            Close(CloseReason.Shutdown);
        }
        else if (!_handshakeRead)
        {
            if (_context.Time.GetElapsedTime(start, now) >= (Principal.HandshakeTimeout ?? _context.Options.HandshakeTimeout))
            {
                Close(CloseReason.HandshakeTimeout);
            }
        }
        else if (transport == ClientTransports.LongPolling)
        {
            CheckPoll(now, elapsed, poll);
        }
        else
        {
            CheckKeepAlive(now);
        }

        if (transport == ClientTransports.LongPolling && !_handshakeRead)
        {
            CheckPoll(now, elapsed, poll);
        }

        return true;
    }

    private bool CheckClosing(ClientTransports transport, TimeSpan elapsed, LongPollClientTransport? poll, long now)
    {
        // A client that polls learns of the end with its next poll; give it the time of a missed one, and that poll the time to end.
        var limit = transport == ClientTransports.LongPolling && poll is null ? _context.Options.DisconnectTimeout : _context.Options.CloseTimeout;
        if (elapsed < limit || (poll is not null && _context.Time.GetElapsedTime(poll.StartTimestamp, now) < limit))
        {
            return true;
        }

        Abort();
        return false;
    }

    private void CheckPoll(long now, TimeSpan elapsed, LongPollClientTransport? poll)
    {
        if (poll is null)
        {
            if (elapsed >= _context.Options.DisconnectTimeout)
            {
                Close(CloseReason.TransportFailed);
            }
        }
        else if (_context.Time.GetElapsedTime(poll.StartTimestamp, now) >= (Principal.LongPoll ?? _context.Options.LongPoll))
        {
            poll.Finish(PollEnd.TimedOut);
        }
    }

    private void CheckKeepAlive(long now)
    {
        if (_lastSent == 0)
        {
            _lastSent = now;
            _lastReceived = now;
        }

        if (_received || _forwarding)
        {
            // While the app server makes the client wait, the client is not read and cannot be blamed for its silence.
            _received = false;
            _lastReceived = now;
        }

        if (Queue.TakeActivity())
        {
            _lastSent = now;
        }

        if (_protocol is not { Ping.IsEmpty: false } protocol)
        {
            return;
        }

        if (_hasPinged && _context.Time.GetElapsedTime(_lastReceived, now) >= _context.Options.ClientTimeout)
        {
            Close(CloseReason.KeepAliveTimeout);
        }
        else if (_context.Time.GetElapsedTime(_lastSent, now) >= _context.Options.KeepAliveInterval)
        {
            Queue.TryEnqueueKeepAlive(new Frame(_transport == ClientTransports.ServerSentEvents ? protocol.ServerSentEventsPing : protocol.Ping));
        }
    }

    /// <summary>Ends a connection that was negotiated and never started, unless it starts at this moment.</summary>
    private bool TryExpire()
    {
        lock (_lock)
        {
            if (_transport != ClientTransports.None)
            {
                return false;
            }

            _closeReason = CloseReason.TransportFailed;
        }

        LeavePlace();
        return true;
    }
}
