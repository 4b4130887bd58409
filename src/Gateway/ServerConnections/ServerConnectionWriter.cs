using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.ServerConnections;

/// <summary>
/// Everything that goes to one app server. Producers encode into one of two buffers under a short lock; a flush, one at a time, sends the
/// other in large pieces. What comes while a flush sends leaves with the next.
/// </summary>
/// <remarks>
/// Client data waits, outside the lock and in order of arrival, while too much is buffered: the wait is the back-pressure on clients. The
/// gateway's own messages cannot wait; their bytes have a ceiling of their own, and reaching it is the end of the connection.
/// States: open → completed (nothing more is taken, what is buffered is sent) → drained; or failed at any time (everything is dropped).
/// </remarks>
internal sealed partial class ServerConnectionWriter : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _send;
    private readonly Action<ServerConnectionEnd, Exception?> _failed;
    private readonly ServerConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly Queue<Waiter> _waiters = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OutputBuffer _filling = new();
    private OutputBuffer _sending = new();
    private int _controlBytes;
    private bool _flushing;
    private bool _completed;
    private volatile bool _acceptsClients;
    private long _sendStarted;

    /// <summary>Makes the writer.</summary>
    /// <param name="send">Sends one piece; called by one flush at a time.</param>
    /// <param name="failed">Told, outside the lock, when sending failed or too much waits.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    public ServerConnectionWriter(
        Func<ReadOnlyMemory<byte>, ValueTask> send, Action<ServerConnectionEnd, Exception?> failed, ServerConnectionOptions options, TimeProvider time)
    {
        _send = send;
        _failed = failed;
        _options = options;
        _time = time;
    }

    /// <summary>Whether pairings may begin.</summary>
    public bool AcceptsClients => _acceptsClients;

    /// <summary>How long the piece that is being sent has not been taken yet; zero when nothing is being sent.</summary>
    public TimeSpan Stalled => Interlocked.Read(ref _sendStarted) is var started and not 0 ? _time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Lets pairings begin, unless the writer is completed.</summary>
    public void StartClients()
    {
        lock (_lock)
        {
            _acceptsClients = !_completed;
        }
    }

    /// <summary>No pairing begins after this returns.</summary>
    public void StopClients()
    {
        lock (_lock)
        {
            _acceptsClients = false;
        }
    }

    /// <summary>Writes a message of the gateway's own; never waits. Nothing happens once the writer is completed.</summary>
    public void Write(ServiceMessage message)
    {
        bool written;
        var flush = false;
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            written = TryAppend(message);
            flush = BeginFlush();
        }

        Finish(written, flush);
    }

    /// <summary>See <see cref="IServerConnection.BeginPairing"/>.</summary>
    public bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake)
    {
        bool written;
        var flush = false;
        lock (_lock)
        {
            if (!_acceptsClients || _completed)
            {
                return false;
            }

            written = TryAppend(open) && (handshake is null || TryAppend(handshake));
            if (written)
            {
                pairing.Begin();
            }

            flush = BeginFlush();
        }

        Finish(written, flush);
        return written;
    }

    /// <summary>See <see cref="IServerConnection.EndPairing"/>.</summary>
    public bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves)
    {
        var written = true;
        var flush = false;
        lock (_lock)
        {
            if (!pairing.IsActive)
            {
                return false;
            }

            if (message is not null && !_completed)
            {
                written = TryAppend(message);
                flush = BeginFlush();
            }

            pairing.End(clientMoves);
        }

        Finish(written, flush);
        return true;
    }

    /// <summary>See <see cref="IServerConnection.SendDataAsync"/>.</summary>
    public ValueTask<bool> WriteDataAsync(Pairing pairing, in ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        Waiter? waiter = null;
        var flush = false;
        lock (_lock)
        {
            if (_completed || !pairing.IsActive)
            {
                return new(false);
            }

            // Whoever waits already goes first.
            if (_waiters.Count == 0 && _filling.Count < _options.MaxBufferedBytes)
            {
                Append(pairing, payload);
                flush = BeginFlush();
            }
            else
            {
                waiter = new Waiter(payload.Length);
                _waiters.Enqueue(waiter);
            }
        }

        if (waiter is not null)
        {
            return WaitAndWriteAsync(waiter, pairing, payload, cancellationToken);
        }

        Finish(written: true, flush);
        return new(true);
    }

    /// <summary>Takes nothing more; completes when all that was taken is sent or dropped.</summary>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            Complete();
            if (!_flushing)
            {
                _drained.TrySetResult();
            }
        }

        return _drained.Task;
    }

    /// <summary>Takes nothing more and drops what waits. What is being sent belongs to the flush until the socket lets go of it.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            Complete();
            _filling.Clear();
            if (!_flushing)
            {
                _drained.TrySetResult();
            }
        }
    }

    // From here on, methods without a lock statement of their own are called inside the lock, unless they say otherwise.

    private void Append(Pairing pairing, in ReadOnlySequence<byte> payload)
    {
        var before = _filling.Count;
        try
        {
            ServiceProtocolWriter.WriteConnectionData(pairing.Client.ConnectionId, payload, _filling);
        }
        catch
        {
            // Half a frame would make everything behind it unreadable.
            _filling.Truncate(before);
            throw;
        }
    }

    private bool TryAppend(ServiceMessage message)
    {
        if (_controlBytes > _options.MaxQueuedControlBytes)
        {
            return false;
        }

        var before = _filling.Count;
        try
        {
            ServiceProtocolWriter.Write(message, _filling);
        }
        catch
        {
            _filling.Truncate(before);
            throw;
        }

        _controlBytes += _filling.Count - before;
        return true;
    }

    private bool BeginFlush()
    {
        if (_flushing || _filling.Count == 0)
        {
            return false;
        }

        _flushing = true;
        return true;
    }

    private void Complete()
    {
        _completed = true;
        _acceptsClients = false;
        Release(long.MaxValue);
    }

    /// <summary>What follows a write; called outside the lock.</summary>
    private void Finish(bool written, bool flush)
    {
        if (flush)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        if (!written)
        {
            _failed(ServerConnectionEnd.Backlog, null);
        }
    }
}
