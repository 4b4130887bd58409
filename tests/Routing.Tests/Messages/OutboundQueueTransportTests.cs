using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>Transports that come and go: polls, and what happens when one is taken away in the middle of a write.</summary>
public class OutboundQueueTransportTests
{
    private readonly FakePhysicalConnection _owner = new();

    private OutboundQueue Queue => _owner.Queue;

    [Fact]
    public void Only_one_transport_is_attached_at_a_time()
    {
        Assert.True(Queue.TryAttach(new ScriptedTransport()));
        Assert.False(Queue.TryAttach(new ScriptedTransport()));
    }

    [Fact]
    public async Task Frames_put_in_front_are_sent_first_and_in_their_order_whatever_the_budget()
    {
        var owner = new FakePhysicalConnection(new OutboundQueueOptions { MaxQueuedFrames = 3 });
        owner.Queue.Open(null);
        owner.Queue.TryEnqueue(Text.Frame("c"));
        owner.Queue.TryEnqueue(Text.Frame("d"));
        var transport = new ScriptedTransport();

        Assert.True(owner.Queue.TryAttach(transport, [Text.Frame("a"), Text.Frame("b")]));

        await Wait.UntilAsync(() => transport.Frames.Length == 4, "all frames");
        Assert.Equal(["a", "b", "c", "d"], transport.Frames);
        Assert.False(owner.Queue.TryAttach(new ScriptedTransport(), [Text.Frame("e")]));
        Assert.Equal(0, owner.Queue.QueuedFrames);
    }

    [Fact]
    public async Task Detach_without_a_write_under_way_completes_at_once_and_keeps_what_waits()
    {
        var transport = new ScriptedTransport();
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));

        Assert.True(Queue.DetachAsync(transport).IsCompletedSuccessfully);
        Queue.Open(null);

        Assert.Equal(["a"], await _owner.TakeAsync());
        Assert.Empty(transport.Frames);
    }

    [Fact]
    public async Task Detach_of_a_transport_that_is_not_attached_changes_nothing()
    {
        var transport = new ScriptedTransport();
        Queue.Open(null);
        Queue.TryAttach(transport);

        Assert.True(Queue.DetachAsync(new ScriptedTransport()).IsCompletedSuccessfully);
        Queue.TryEnqueue(Text.Frame("a"));

        await Wait.UntilAsync(() => transport.Frames.Length == 1, "the frame");
    }

    [Fact]
    public async Task Detach_during_a_write_completes_with_the_write_and_nothing_is_written_afterwards()
    {
        var transport = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await transport.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));

        var first = Queue.DetachAsync(transport);
        var second = Queue.DetachAsync(transport);
        Assert.False(first.IsCompleted);
        transport.BeforeWrite.Continue();
        await Task.WhenAll(first, second).InTimeAsync();

        Assert.Equal(["a"], transport.Frames);
        Assert.Equal(["b"], await _owner.TakeAsync());
        Assert.Equal(["a"], transport.Frames);
    }

    [Fact]
    public async Task A_transport_attached_during_the_last_write_of_the_former_one_gets_the_rest()
    {
        var first = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        var second = new ScriptedTransport();
        Queue.Open(null);
        Queue.TryAttach(first);
        Queue.TryEnqueue(Text.Frame("a"));
        await first.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));

        var detached = Queue.DetachAsync(first);
        Assert.True(Queue.TryAttach(second));
        Assert.Empty(second.Frames);
        first.BeforeWrite.Continue();

        await detached.InTimeAsync();
        await Wait.UntilAsync(() => second.Frames.Length == 1, "the rest");
        Assert.Equal(["a"], first.Frames);
        Assert.Equal(["b"], second.Frames);
    }

    [Fact]
    public async Task A_poll_takes_one_batch_and_the_rest_waits_for_the_next()
    {
        Queue.Open(null);
        var first = new ScriptedTransport { TakesOneBatch = true, BeforeWrite = new SyncPoint() };
        Queue.TryAttach(first);
        Queue.TryEnqueue(Text.Frame("a"));
        await first.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));
        Queue.TryEnqueue(Text.Frame("c"));
        first.BeforeWrite.Continue();
        await Queue.DetachAsync(first).InTimeAsync();

        Assert.Equal(["a"], first.Frames);
        Assert.Equal(2, Queue.QueuedFrames);

        var second = new ScriptedTransport { TakesOneBatch = true };
        Assert.True(Queue.TryAttach(second));
        await Wait.UntilAsync(() => second.Frames.Length == 2, "the next batch");
        await Queue.DetachAsync(second).InTimeAsync();
        Assert.Equal(["b", "c"], second.Frames);
        Assert.False(first.WasMisused || second.WasMisused);
    }

    [Fact]
    public async Task A_poll_that_waits_is_answered_by_the_next_frame_and_may_be_followed_by_another_at_once()
    {
        Queue.Open(null);
        for (var i = 0; i < 200; i++)
        {
            var poll = new ScriptedTransport { TakesOneBatch = true };
            await Wait.UntilAsync(() => Queue.TryAttach(poll), "the former poll to be used up");
            Queue.TryEnqueue(Text.Frame($"{i}"));
            await Wait.UntilAsync(() => poll.Frames.Length > 0, "an answer");
            Assert.Equal([$"{i}"], poll.Frames);
        }
    }
}
