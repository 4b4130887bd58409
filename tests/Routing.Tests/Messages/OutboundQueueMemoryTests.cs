using System.Runtime.CompilerServices;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>What waiting and sending cost. Counts the bytes of one thread and what is reachable, never time.</summary>
public class OutboundQueueMemoryTests
{
    [Fact]
    public async Task Enqueueing_and_sending_allocates_nothing_after_warm_up()
    {
        var owner = new FakePhysicalConnection();
        var transport = new PingPongTransport(owner.Queue, rounds: 10_000);
        owner.Queue.Open(null);
        owner.Queue.TryAttach(transport);

        owner.Queue.TryEnqueue(Text.Frame("message"));

        Assert.Equal(0, await transport.Allocated.Task.InTimeAsync());
    }

    [Fact]
    public void Enqueueing_a_burst_allocates_nothing_after_warm_up()
    {
        var owner = new FakePhysicalConnection();
        var frame = Text.Frame("message");
        Fill();
        Assert.Equal(16, owner.Queue.QueuedFrames);
        Empty();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            for (var i = 0; i < 16; i++)
            {
                owner.Queue.TryEnqueue(frame);
            }
        }

        void Empty()
        {
            owner.Queue.Open(null);
            var transport = new DroppingTransport();
            owner.Queue.TryAttach(transport);
            Assert.True(SpinWait.SpinUntil(() => owner.Queue.QueuedFrames == 0, Wait.Limit));
            Assert.True(owner.Queue.DetachAsync(transport).Wait(Wait.Limit));
        }
    }

    [Fact]
    public async Task A_queue_that_ran_empty_keeps_neither_frames_nor_a_large_ring()
    {
        var owner = new FakePhysicalConnection();
        var frames = EnqueueForgotten(owner.Queue, 4000);
        Assert.InRange(Ring(owner.Queue).Length, 4000, int.MaxValue);
        owner.Queue.Open(null);
        var transport = new DroppingTransport();
        owner.Queue.TryAttach(transport);
        await Wait.UntilAsync(() => owner.Queue.QueuedFrames == 0, "the queue to be drained");
        await owner.Queue.DetachAsync(transport).InTimeAsync();

        Assert.InRange(Ring(owner.Queue).Length, 0, 16);
        await Wait.UntilAsync(
            () =>
            {
                GC.Collect();
                return frames.TrueForAll(frame => !frame.IsAlive);
            },
            "the frames to be collected");
        GC.KeepAlive(owner);
    }

    [Fact]
    public void A_new_queue_has_no_ring()
    {
        Assert.Empty(Ring(new FakePhysicalConnection().Queue));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ring")]
    private static extern ref Frame[] Ring(OutboundQueue queue);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> EnqueueForgotten(OutboundQueue queue, int count)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[8];
            references.Add(new WeakReference(bytes));
            queue.TryEnqueue(new Frame(bytes));
        }

        return references;
    }

    /// <summary>Enqueues a frame for every frame it is given, on the thread of the drain, and counts what that thread allocates.</summary>
    private sealed class PingPongTransport(OutboundQueue queue, int rounds) : IClientTransport
    {
        private long _before;
        private int _round;

        public TaskCompletionSource<long> Allocated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
        {
            if (_round == rounds / 10)
            {
                _before = GC.GetAllocatedBytesForCurrentThread();
            }

            if (_round++ == rounds)
            {
                Allocated.SetResult(GC.GetAllocatedBytesForCurrentThread() - _before);
            }
            else
            {
                queue.TryEnqueue(frames.Span[0]);
            }

            return new(true);
        }

        public ValueTask CloseAsync(CloseReason reason) => default;

        public void Abort()
        {
        }
    }

    private sealed class DroppingTransport : IClientTransport
    {
        public ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames) => new(true);

        public ValueTask CloseAsync(CloseReason reason) => default;

        public void Abort()
        {
        }
    }
}
