using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

public class OutboundQueueTests
{
    private readonly FakePhysicalConnection _owner = new(new OutboundQueueOptions { MaxQueuedBytes = 1024, MaxQueuedFrames = 16, MaxBatchBytes = 512 });

    private OutboundQueue Queue => _owner.Queue;

    [Fact]
    public async Task Frames_are_held_until_the_handshake_response_is_in_front_of_them()
    {
        var transport = new ScriptedTransport();
        Assert.True(Queue.TryAttach(transport));
        Queue.TryEnqueue(Text.Frame("a"));
        Queue.TryEnqueue(Text.Frame("b"));
        Assert.False(Queue.IsOpen);
        Assert.Equal(2, Queue.QueuedFrames);

        Assert.Equal(EnqueueResult.Enqueued, Queue.Open(Text.Frame("{}")));

        await SentAsync(transport, "{}", "a", "b");
    }

    [Fact]
    public async Task Opening_again_puts_the_frame_behind_the_others()
    {
        Queue.Open(null);
        Queue.TryEnqueue(Text.Frame("a"));
        Queue.Open(Text.Frame("b"));
        Assert.Equal(EnqueueResult.Enqueued, Queue.Open(null));

        Assert.Equal(["a", "b"], await _owner.TakeAsync());
    }

    [Fact]
    public void Budget_in_bytes_is_looked_at_before_a_frame_is_added()
    {
        Queue.Open(null);

        Queue.TryEnqueue(Text.Frame("oldest"));
        Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(new Frame(new byte[1024])));
        Assert.Equal(1030, Queue.QueuedBytes);
        Assert.Equal(EnqueueResult.OverBudget, Queue.TryEnqueue(Text.Frame("a")));
        Assert.Equal(2, Queue.QueuedFrames);
    }

    [Fact]
    public async Task A_large_frame_that_waits_leaves_the_budget_to_those_behind_it()
    {
        Queue.Open(null);

        Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(Text.Frame(new string('x', 5000))));
        Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(Text.Frame("behind it")));

        Assert.Equal([new string('x', 5000), "behind it"], await _owner.TakeAsync());
    }

    [Fact]
    public async Task A_frame_larger_than_the_budget_and_the_batch_passes_when_the_queue_is_empty()
    {
        var transport = new ScriptedTransport();
        Queue.Open(null);
        Queue.TryAttach(transport);

        Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(Text.Frame(new string('x', 5000))));

        await SentAsync(transport, new string('x', 5000));
        Assert.Equal(0, Queue.QueuedBytes);
    }

    [Fact]
    public void Budget_in_frames_holds_for_empty_frames_too()
    {
        Queue.Open(null);
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(default));
        }

        Assert.Equal(EnqueueResult.OverBudget, Queue.TryEnqueue(default));
    }

    [Fact]
    public async Task Once_over_budget_nothing_more_is_taken_so_that_the_client_never_sees_a_gap()
    {
        Queue.Open(null);
        Queue.TryEnqueue(Text.Frame("oldest"));
        Queue.TryEnqueue(new Frame(new byte[1024]));
        Assert.Equal(EnqueueResult.OverBudget, Queue.TryEnqueue(Text.Frame("lost")));
        await _owner.TakeAsync();

        Assert.Equal(EnqueueResult.OverBudget, Queue.TryEnqueue(Text.Frame("after the gap")));
        Assert.Empty(await _owner.TakeAsync());
    }

    [Fact]
    public void The_budget_holds_before_the_handshake_response_too()
    {
        Queue.TryEnqueue(Text.Frame("oldest"));
        Queue.TryEnqueue(new Frame(new byte[1024]));

        Assert.Equal(EnqueueResult.OverBudget, Queue.TryEnqueue(Text.Frame("a")));
        Assert.Equal(EnqueueResult.Enqueued, Queue.Open(Text.Frame("{}")));
    }

    [Fact]
    public async Task A_keep_alive_goes_out_when_nothing_waits_even_with_no_budget_left_for_messages()
    {
        var transport = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(new Frame(new byte[2000]));
        await transport.BeforeWrite.ReachedAsync();

        Queue.TryEnqueueKeepAlive(Text.Frame("ping"));
        Assert.Equal(1, Queue.QueuedFrames);
        Queue.TryEnqueueKeepAlive(Text.Frame("ping"));
        Assert.Equal(1, Queue.QueuedFrames);

        transport.BeforeWrite.Continue();
        await SentAsync(transport, new string('\0', 2000), "ping");
    }

    [Fact]
    public async Task A_keep_alive_neither_overtakes_the_handshake_response_nor_follows_the_end()
    {
        Queue.TryEnqueueKeepAlive(Text.Frame("ping"));
        Assert.Equal(0, Queue.QueuedFrames);

        Queue.Open(null);
        Queue.Complete(CloseReason.ClientClosed, null);
        Queue.TryEnqueueKeepAlive(Text.Frame("ping"));

        Assert.Equal(0, Queue.QueuedFrames);
        var transport = new ScriptedTransport();
        Queue.TryAttach(transport);
        Assert.Equal(CloseReason.ClientClosed, await transport.Closed.Task.InTimeAsync());
        Assert.Empty(transport.Frames);
    }

    [Fact]
    public async Task Batches_are_bounded_in_bytes_and_hold_at_least_one_frame()
    {
        var transport = new ScriptedTransport();
        foreach (var size in new[] { 200, 200, 200, 512, 10, 10, 10 })
        {
            Assert.Equal(EnqueueResult.Enqueued, Queue.TryEnqueue(new Frame(new byte[size])));
            if (Queue.QueuedBytes >= 1024)
            {
                break;
            }
        }

        Queue.TryAttach(transport);
        Queue.Open(null);

        await Wait.UntilAsync(() => transport.Frames.Length == 4, "four frames");
        Assert.Equal([2, 1, 1], transport.Batches);
    }

    [Fact]
    public async Task Many_small_frames_go_out_in_order_over_several_batches()
    {
        var owner = new FakePhysicalConnection();
        var transport = new ScriptedTransport();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(EnqueueResult.Enqueued, owner.Queue.TryEnqueue(Text.Frame($"{i}")));
        }

        owner.Queue.TryAttach(transport);
        owner.Queue.Open(null);

        await SentAsync(transport, [.. Enumerable.Range(0, 1000).Select(i => $"{i}")]);
        Assert.False(transport.WasMisused);
    }

    [Fact]
    public void Activity_is_reported_once()
    {
        Assert.False(Queue.TakeActivity());
    }

    [Fact]
    public async Task Activity_tells_of_writes_since_the_last_look()
    {
        var transport = new ScriptedTransport();
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await SentAsync(transport, "a");

        Assert.True(Queue.TakeActivity());
        Assert.False(Queue.TakeActivity());
    }

    private async Task SentAsync(ScriptedTransport transport, params string[] frames)
    {
        await Wait.UntilAsync(() => transport.Frames.Length >= frames.Length, "frames to be sent");
        Assert.Equal(frames, transport.Frames);
        Assert.Empty(_owner.Failures);
    }
}
