using System.Buffers;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.ServerConnections;

/// <content>Client data that waits for room.</content>
internal sealed partial class ServerConnectionWriter
{
    private async ValueTask<bool> WaitAndWriteAsync(Waiter waiter, Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                waiter.IsCancelled = true;
                PassOn(waiter);
            }

            throw;
        }

        var flush = false;
        lock (_lock)
        {
            if (_completed || !pairing.IsActive)
            {
                PassOn(waiter);
                return false;
            }

            Append(pairing, payload);
            flush = BeginFlush();
        }

        Finish(written: true, flush);
        return true;
    }

    /// <summary>Lets waiting producers go on, in order of arrival, until they use up the room. Called inside the lock.</summary>
    private void Release(long room)
    {
        while (room > 0 && _waiters.TryDequeue(out var waiter))
        {
            if (!waiter.IsCancelled)
            {
                room -= waiter.Bytes;
                waiter.IsReleased = true;
                waiter.SetResult();
            }
        }
    }

    /// <summary>
    /// A producer that was let go on and does not write hands its room to the next, which would wait for ever otherwise. Called inside
    /// the lock. While anyone waits there is thus always something to be sent, or someone who was let go on and has not written yet.
    /// </summary>
    private void PassOn(Waiter waiter)
    {
        if (waiter.IsReleased)
        {
            Release(Math.Max(1, waiter.Bytes));
        }
    }

    /// <summary>A producer of client data that waits for room.</summary>
    private sealed class Waiter(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;

        public bool IsReleased { get; set; }

        public bool IsCancelled { get; set; }
    }
}
