using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Tests.Support;

/// <summary>A transport that does what the test says: takes, waits, ends after one batch, or fails. It checks that it is used by one at a time.</summary>
internal sealed class ScriptedTransport : IClientTransport
{
    private readonly Lock _lock = new();
    private readonly List<string> _frames = [];
    private readonly List<int> _batches = [];
    private readonly List<ReadOnlyMemory<byte>> _memory = [];
    private int _users;

    /// <summary>True for a transport that takes one batch and no more, as a long poll.</summary>
    public bool TakesOneBatch { get; init; }

    /// <summary>Where every write stands before it takes its frames.</summary>
    public SyncPoint? BeforeWrite { get; set; }

    public SyncPoint? BeforeClose { get; set; }

    /// <summary>What every write throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when the transport is closed.</summary>
    public TaskCompletionSource<CloseReason> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Aborts { get; private set; }

    /// <summary>Whether two calls were under way at once, or a write came after the end.</summary>
    public bool WasMisused { get; private set; }

    public string[] Frames
    {
        get
        {
            lock (_lock)
            {
                return [.. _frames];
            }
        }
    }

    /// <summary>The frames' own memory, to see what is shared.</summary>
    public ReadOnlyMemory<byte>[] Memory
    {
        get
        {
            lock (_lock)
            {
                return [.. _memory];
            }
        }
    }

    /// <summary>Number of frames of each write.</summary>
    public int[] Batches
    {
        get
        {
            lock (_lock)
            {
                return [.. _batches];
            }
        }
    }

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        Enter();
        if (BeforeWrite is { } point)
        {
            await point.PassAsync();
        }

        if (Failure is { } failure)
        {
            Leave();
            throw failure;
        }

        lock (_lock)
        {
            _batches.Add(frames.Length);
            foreach (var frame in frames.Span)
            {
                _frames.Add(Text.Of(frame));
                _memory.Add(frame.Bytes);
            }
        }

        Leave();
        return !TakesOneBatch;
    }

    public async ValueTask CloseAsync(CloseReason reason)
    {
        Enter();
        if (BeforeClose is { } point)
        {
            await point.PassAsync();
        }

        Leave();
        Closed.TrySetResult(reason);
    }

    public void Abort()
    {
        lock (_lock)
        {
            Aborts++;
        }
    }

    private void Enter()
    {
        if (Interlocked.Increment(ref _users) != 1 || Closed.Task.IsCompleted)
        {
            WasMisused = true;
        }
    }

    private void Leave() => Interlocked.Decrement(ref _users);
}
