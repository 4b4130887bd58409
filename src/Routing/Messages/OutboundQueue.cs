using Tandem.Routing.Connections;

namespace Tandem.Routing.Messages;

/// <summary>
/// What waits for one client: references to shared frames in a ring, under a short lock, sent by one drain at a time. Bounded in
/// bytes and frames; idle it holds no frame and at most a small ring.
/// </summary>
/// <remarks>
/// States, all guarded by the lock:
/// <list type="bullet">
/// <item>held: frames are kept until <see cref="Open"/> puts the handshake response in front of them;</item>
/// <item>open without transport (between two polls): frames are kept;</item>
/// <item>open with transport: a drain runs while there are frames;</item>
/// <item>completing: nothing more is taken; the drain sends what waits, then closes the transport;</item>
/// <item>ended: everything is dropped.</item>
/// </list>
/// At most one drain runs, marked by <c>_draining</c>; only the drain calls the transport's write and close.
/// </remarks>
public sealed partial class OutboundQueue : IThreadPoolWorkItem
{
    // Enough for a burst to an otherwise idle client; larger rings are given back when they have run empty.
    private const int KeptFrames = 16;

    private readonly Lock _lock = new();
    private readonly OutboundQueueOptions _options;
    private readonly IPhysicalConnection _owner;

    private Frame[] _ring = [];
    private int _head;
    private int _count;
    private long _queuedBytes;
    private bool _isOpen;
    private bool _draining;
    private bool _ended;
    private bool _overBudget;
    private bool _active;
    private CloseReason _completed;
    private IClientTransport? _transport;

    // The transport the drain is using at the moment, and who waits for it to let go.
    private IClientTransport? _writing;
    private TaskCompletionSource? _written;

    /// <summary>Makes the queue of a physical connection, held until <see cref="Open"/>.</summary>
    public OutboundQueue(OutboundQueueOptions options, IPhysicalConnection owner)
    {
        _options = options;
        _owner = owner;
    }

    /// <summary>Bytes that wait now.</summary>
    public long QueuedBytes
    {
        get
        {
            lock (_lock)
            {
                return _queuedBytes;
            }
        }
    }

    /// <summary>Whether frames flow: the handshake response has been seen.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _isOpen;
            }
        }
    }

    /// <summary>Frames that wait now.</summary>
    public int QueuedFrames
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>
    /// Adds a frame behind all others. The budget is looked at before the frame is added and without the oldest frame, so that
    /// a message of any size passes, and what comes right behind it does, too: between two polls every client lets something wait. Once a frame was refused all others are, too: a client may miss the end of its
    /// messages, but nothing in between.
    /// </summary>
    public EnqueueResult TryEnqueue(Frame frame)
    {
        lock (_lock)
        {
            if (_completed != CloseReason.None || _ended)
            {
                return EnqueueResult.Completed;
            }

            if (_overBudget || BytesBehindFirst >= _options.MaxQueuedBytes || _count >= _options.MaxQueuedFrames)
            {
                _overBudget = true;
                return EnqueueResult.OverBudget;
            }

            PushBack(frame);
            if (!TryBeginDrain())
            {
                return EnqueueResult.Enqueued;
            }
        }

        Schedule();
        return EnqueueResult.Enqueued;
    }

    /// <summary>Whether anything was handed to a transport since the last call. For keep-alives, without a clock per message.</summary>
    public bool TakeActivity()
    {
        lock (_lock)
        {
            var active = _active;
            _active = false;
            return active;
        }
    }

    /// <summary>Adds a frame the budget does not apply to: a keep-alive. Does nothing when the connection is ending or frames wait anyway.</summary>
    public void TryEnqueueKeepAlive(Frame frame)
    {
        lock (_lock)
        {
            if (_completed != CloseReason.None || _ended || _count > 0 || !_isOpen)
            {
                return;
            }

            PushBack(frame);
            if (!TryBeginDrain())
            {
                return;
            }
        }

        Schedule();
    }

    /// <summary>
    /// Lets the frames flow. The handshake response goes in front of whatever was held, so that nothing overtakes it. Later calls
    /// just enqueue.
    /// </summary>
    public EnqueueResult Open(Frame? first)
    {
        lock (_lock)
        {
            if (!_isOpen && _completed == CloseReason.None && !_ended)
            {
                _isOpen = true;
                if (first is { } frame)
                {
                    PushFront(frame);
                }

                if (!TryBeginDrain())
                {
                    return EnqueueResult.Enqueued;
                }

                first = null;
            }
            else if (first is null)
            {
                return EnqueueResult.Enqueued;
            }
        }

        if (first is { } later)
        {
            return TryEnqueue(later);
        }

        Schedule();
        return EnqueueResult.Enqueued;
    }

    /// <summary>Gives the queue a transport to send on. False when another one is attached, or the connection has ended.</summary>
    public bool TryAttach(IClientTransport transport) => TryAttach(transport, []);

    /// <summary>
    /// Gives the queue a transport to send on, and puts frames in front of those that wait: what an earlier transport may have lost. The
    /// budget does not apply to them; whoever kept them has one. False when another transport is attached, or the connection has ended.
    /// </summary>
    public bool TryAttach(IClientTransport transport, ReadOnlySpan<Frame> inFront)
    {
        lock (_lock)
        {
            if (_transport is not null || _ended)
            {
                return false;
            }

            for (var i = inFront.Length - 1; i >= 0; i--)
            {
                PushFront(inFront[i]);
            }

            _transport = transport;
            if (!TryBeginDrain())
            {
                return true;
            }
        }

        Schedule();
        return true;
    }

    /// <summary>
    /// Takes the transport away; what waits stays for the next one. When the returned task completes, no write to the transport is
    /// under way and none will follow.
    /// </summary>
    public Task DetachAsync(IClientTransport transport)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_transport, transport))
            {
                _transport = null;
            }

            if (!_draining || !ReferenceEquals(_writing, transport))
            {
                return Task.CompletedTask;
            }

            _written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _written.Task;
        }
    }

    /// <summary>
    /// Takes nothing more, sends what waits and <paramref name="last"/>, then closes the transport. The first call wins. What was
    /// held for a handshake that never came is dropped.
    /// </summary>
    public void Complete(CloseReason reason, Frame? last)
    {
        lock (_lock)
        {
            if (_completed != CloseReason.None || _ended)
            {
                return;
            }

            if (!_isOpen)
            {
                Clear();
                _isOpen = true;
            }

            _completed = reason;
            if (last is { } frame)
            {
                PushBack(frame);
            }

            if (!TryBeginDrain())
            {
                return;
            }
        }

        Schedule();
    }

    /// <summary>Drops what waits and aborts the transport, also one that was taken away and still hangs in its last write.</summary>
    public void Abort()
    {
        IClientTransport? attached;
        IClientTransport? writing;
        lock (_lock)
        {
            _ended = true;
            attached = _transport;
            writing = _writing;
            _transport = null;
            Clear();
        }

        attached?.Abort();
        if (!ReferenceEquals(writing, attached))
        {
            writing?.Abort();
        }
    }

    private void PushBack(Frame frame)
    {
        Grow();
        _ring[(_head + _count) % _ring.Length] = frame;
        _count++;
        _queuedBytes += frame.Bytes.Length;
    }

    private void PushFront(Frame frame)
    {
        Grow();
        _head = (_head + _ring.Length - 1) % _ring.Length;
        _ring[_head] = frame;
        _count++;
        _queuedBytes += frame.Bytes.Length;
    }

    private void Grow()
    {
        if (_count < _ring.Length)
        {
            return;
        }

        var larger = new Frame[Math.Max(4, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) % _ring.Length];
        }

        _ring = larger;
        _head = 0;
    }

    private long BytesBehindFirst => _count == 0 ? 0 : _queuedBytes - _ring[_head].Bytes.Length;

    private void Clear()
    {
        _ring = [];
        _head = 0;
        _count = 0;
        _queuedBytes = 0;
    }
}
