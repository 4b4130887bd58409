using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>How a queue ends: in an orderly way, at once, or because the transport fails.</summary>
public class OutboundQueueEndTests
{
    private readonly FakePhysicalConnection _owner = new();

    private OutboundQueue Queue => _owner.Queue;

    [Fact]
    public async Task Complete_sends_what_waits_and_the_last_frame_then_closes()
    {
        var transport = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await transport.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));

        Queue.Complete(CloseReason.Shutdown, Text.Frame("bye"));
        Queue.Complete(CloseReason.ClientClosed, Text.Frame("later"));
        Assert.Equal(EnqueueResult.Completed, Queue.TryEnqueue(Text.Frame("c")));
        Assert.Equal(EnqueueResult.Completed, Queue.Open(Text.Frame("d")));
        transport.BeforeWrite.Continue();

        Assert.Equal(CloseReason.Shutdown, await transport.Closed.Task.InTimeAsync());
        Assert.Equal(["a", "b", "bye"], transport.Frames);
        Assert.False(transport.WasMisused);
    }

    [Fact]
    public async Task Complete_without_anything_to_say_just_closes()
    {
        var transport = new ScriptedTransport();
        Queue.Open(null);
        Queue.TryAttach(transport);

        Queue.Complete(CloseReason.ClientClosed, null);

        Assert.Equal(CloseReason.ClientClosed, await transport.Closed.Task.InTimeAsync());
        Assert.Empty(transport.Batches);
    }

    [Fact]
    public async Task Complete_before_the_handshake_response_drops_what_was_held()
    {
        var transport = new ScriptedTransport();
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("broadcast"));

        Queue.Complete(CloseReason.HandshakeTimeout, Text.Frame("{error}"));

        await transport.Closed.Task.InTimeAsync();
        Assert.Equal(["{error}"], transport.Frames);
    }

    [Fact]
    public async Task What_waits_at_the_end_goes_to_the_next_poll_and_the_one_after_is_closed()
    {
        Queue.Open(null);
        Queue.TryEnqueue(Text.Frame("a"));
        Queue.Complete(CloseReason.Shutdown, Text.Frame("bye"));

        var first = new ScriptedTransport { TakesOneBatch = true };
        Assert.True(Queue.TryAttach(first));
        await Wait.UntilAsync(() => first.Frames.Length == 2, "the last batch");
        await Queue.DetachAsync(first).InTimeAsync();
        Assert.False(first.Closed.Task.IsCompleted);

        var second = new ScriptedTransport { TakesOneBatch = true };
        Assert.True(Queue.TryAttach(second));
        Assert.Equal(CloseReason.Shutdown, await second.Closed.Task.InTimeAsync());
        await Wait.UntilAsync(() => !Queue.TryAttach(new ScriptedTransport()), "the end");
    }

    [Fact]
    public async Task Abort_drops_what_waits_and_aborts_the_transport()
    {
        var transport = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await transport.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));

        Queue.Abort();
        transport.BeforeWrite.Fail(new IOException("aborted"));
        await Queue.DetachAsync(transport).InTimeAsync();

        Assert.Equal(1, transport.Aborts);
        Assert.Empty(transport.Frames);
        Assert.Equal(0, Queue.QueuedFrames);
        Assert.Equal(0, Queue.QueuedBytes);
        Assert.Equal(EnqueueResult.Completed, Queue.TryEnqueue(Text.Frame("c")));
        Assert.False(Queue.TryAttach(new ScriptedTransport()));
        Assert.Empty(_owner.Failures);
    }

    [Fact]
    public async Task Abort_reaches_a_transport_that_was_detached_and_still_hangs_in_its_write()
    {
        var transport = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await transport.BeforeWrite.ReachedAsync();
        var detached = Queue.DetachAsync(transport);

        Queue.Abort();

        Assert.Equal(1, transport.Aborts);
        transport.BeforeWrite.Fail(new IOException("aborted"));
        await detached.InTimeAsync();
    }

    [Fact]
    public async Task Abort_after_complete_ends_a_transport_that_hangs()
    {
        var transport = new ScriptedTransport { BeforeClose = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.Complete(CloseReason.Shutdown, null);
        await transport.BeforeClose.ReachedAsync();

        Queue.Abort();

        Assert.Equal(1, transport.Aborts);
        transport.BeforeClose.Fail(new IOException("aborted"));
        await Queue.DetachAsync(transport).InTimeAsync();
        Assert.Empty(_owner.Failures);
    }

    [Fact]
    public async Task A_failing_write_is_reported_once_and_the_transport_is_aborted()
    {
        var failure = new IOException("broken");
        var transport = new ScriptedTransport { Failure = failure };
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        Queue.Open(null);

        await Wait.UntilAsync(() => _owner.Failures.Length > 0, "the report");
        await Queue.DetachAsync(transport).InTimeAsync();
        Queue.TryEnqueue(Text.Frame("b"));

        Assert.Equal([failure], _owner.Failures);
        Assert.Equal(1, transport.Aborts);
        Assert.Equal(["b"], await _owner.TakeAsync());
    }

    [Fact]
    public async Task A_write_that_fails_after_its_transport_was_detached_is_reported_because_its_frames_are_lost()
    {
        var transport = new ScriptedTransport { TakesOneBatch = true, BeforeWrite = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.TryEnqueue(Text.Frame("a"));
        await transport.BeforeWrite.ReachedAsync();
        var detached = Queue.DetachAsync(transport);
        transport.BeforeWrite.Fail(new IOException("the poll is gone"));

        await detached.InTimeAsync();

        await Wait.UntilAsync(() => _owner.Failures.Length > 0, "the report");
        Assert.Single(_owner.Failures);
    }

    [Fact]
    public async Task The_next_transport_is_served_when_the_write_to_the_one_before_fails()
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

        first.BeforeWrite.Fail(new IOException("broken"));

        await detached.InTimeAsync();
        await Wait.UntilAsync(() => second.Frames.Length == 1, "the waiting frame");
        Assert.Equal(["b"], second.Frames);
        Assert.Equal(0, second.Aborts);
    }

    [Fact]
    public async Task An_owner_that_ends_the_connection_when_frames_are_lost_lets_nothing_follow_them()
    {
        var first = new ScriptedTransport { BeforeWrite = new SyncPoint() };
        var second = new ScriptedTransport();
        _owner.OnFailure = Queue.Abort;
        Queue.Open(null);
        Queue.TryAttach(first);
        Queue.TryEnqueue(Text.Frame("a"));
        await first.BeforeWrite.ReachedAsync();
        Queue.TryEnqueue(Text.Frame("b"));
        var detached = Queue.DetachAsync(first);
        Assert.True(Queue.TryAttach(second));

        first.BeforeWrite.Fail(new IOException("broken"));

        await detached.InTimeAsync();
        await Wait.UntilAsync(() => second.Aborts == 1, "the abort");
        Assert.Empty(second.Frames);
        Assert.Single(_owner.Failures);
    }

    [Fact]
    public async Task A_failing_close_ends_the_queue()
    {
        var transport = new ScriptedTransport { BeforeClose = new SyncPoint() };
        Queue.Open(null);
        Queue.TryAttach(transport);
        Queue.Complete(CloseReason.Shutdown, null);
        await transport.BeforeClose.ReachedAsync();
        transport.BeforeClose.Fail(new IOException("broken"));

        await Wait.UntilAsync(() => transport.Aborts == 1, "the abort");
        Assert.False(Queue.TryAttach(new ScriptedTransport()));
    }
}
