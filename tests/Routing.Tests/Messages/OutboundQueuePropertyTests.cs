using CsCheck;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>Whatever happens around them at once, frames arrive once and in the order of their producer.</summary>
public class OutboundQueuePropertyTests
{
    private enum Step
    {
        Detach,
        Attach,
        Poll,
        KeepAlive,
        Yield,
    }

    private sealed record Run(int[] Producers, Step[] Steps, int BatchBytes, bool AbortsInstead, bool WritesAsync);

    private static readonly Gen<Run> Runs = Gen.Select(
        Gen.Int[1, 40].Array[1, 4],
        Gen.Enum<Step>().Array[0, 30],
        Gen.Int[4, 40],
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Bool,
        (producers, steps, batch, abort, async) => new Run(producers, steps, batch, abort, async));

    [Fact]
    public void Frames_of_a_producer_arrive_once_and_in_order_unless_the_queue_is_aborted()
    {
        Runs.Sample(run => CheckAsync(run).GetAwaiter().GetResult(), iter: 300, threads: 1);
    }

    private static async Task CheckAsync(Run run)
    {
        var owner = new FakePhysicalConnection(new OutboundQueueOptions { MaxBatchBytes = run.BatchBytes });
        var seen = new Recording();
        var producers = run.Producers.Select((count, producer) => Work.Run(() =>
        {
            for (var i = 0; i < count; i++)
            {
                var expected = run.AbortsInstead ? EnqueueResult.Completed : EnqueueResult.Enqueued;
                var result = owner.Queue.TryEnqueue(Text.Frame($"{producer}:{i}"));
                Assert.True(result == EnqueueResult.Enqueued || result == expected);
            }
        })).ToArray();
        var opener = Work.Run(() => owner.Queue.Open(Text.Frame("{}")));
        await TransportsAsync(owner.Queue, run, seen).InTimeAsync();
        if (run.AbortsInstead)
        {
            owner.Queue.Abort();
        }

        await Task.WhenAll([.. producers, opener]).InTimeAsync();
        if (!run.AbortsInstead)
        {
            owner.Queue.Complete(CloseReason.Shutdown, Text.Frame("bye"));
            var last = new RecordingTransport(seen, run.WritesAsync, oneBatch: false);
            Assert.True(owner.Queue.TryAttach(last));
            await last.Closed.Task.InTimeAsync();
        }

        Check(run, [.. seen.Frames.Where(frame => frame != "ping")]);
        Assert.False(seen.Overlapped);
        Assert.Empty(owner.Failures);
    }

    private static async Task TransportsAsync(OutboundQueue queue, Run run, Recording seen)
    {
        RecordingTransport? attached = null;
        foreach (var step in run.Steps)
        {
            switch (step)
            {
                case Step.Detach when attached is not null:
                    await DetachAsync();
                    break;
                case Step.Attach or Step.Poll:
                    if (attached is not null)
                    {
                        await DetachAsync();
                    }

                    attached = new RecordingTransport(seen, run.WritesAsync, oneBatch: step == Step.Poll);
                    Assert.True(queue.TryAttach(attached));
                    break;
                case Step.KeepAlive:
                    queue.TryEnqueueKeepAlive(Text.Frame("ping"));
                    break;
                default:
                    await Task.Yield();
                    break;
            }
        }

        if (attached is not null)
        {
            await DetachAsync();
        }

        async Task DetachAsync()
        {
            await queue.DetachAsync(attached!);
            attached!.MustNotWrite = true;
            attached = null;
        }
    }

    private static void Check(Run run, string[] frames)
    {
        if (frames.Length > 0)
        {
            Assert.Equal("{}", frames[0]);
        }

        for (var producer = 0; producer < run.Producers.Length; producer++)
        {
            var own = frames.Where(frame => frame.StartsWith($"{producer}:", StringComparison.Ordinal)).ToArray();
            var all = Enumerable.Range(0, run.Producers[producer]).Select(i => $"{producer}:{i}").ToArray();
            Assert.Equal(run.AbortsInstead ? all[..own.Length] : all, own);
        }

        if (!run.AbortsInstead)
        {
            Assert.Equal("bye", frames[^1]);
            Assert.Equal(run.Producers.Sum() + 2, frames.Length);
        }
    }

    /// <summary>What all transports of a run were given, in order.</summary>
    private sealed class Recording
    {
        private int _users;

        public List<string> Frames { get; } = [];

        public bool Overlapped { get; private set; }

        public void Enter() => Overlapped |= Interlocked.Increment(ref _users) != 1;

        public void Leave() => Interlocked.Decrement(ref _users);
    }

    private sealed class RecordingTransport(Recording seen, bool isAsync, bool oneBatch) : IClientTransport
    {
        public volatile bool MustNotWrite;

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
        {
            seen.Enter();
            if (isAsync)
            {
                await Task.Yield();
            }

            Assert.False(MustNotWrite);
            for (var i = 0; i < frames.Length; i++)
            {
                seen.Frames.Add(Text.Of(frames.Span[i]));
            }

            seen.Leave();
            return !oneBatch;
        }

        public ValueTask CloseAsync(CloseReason reason)
        {
            Closed.TrySetResult();
            return default;
        }

        public void Abort()
        {
        }
    }
}
