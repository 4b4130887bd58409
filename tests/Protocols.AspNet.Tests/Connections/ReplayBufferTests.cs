using System.Text;
using CsCheck;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class ReplayBufferTests
{
    private readonly ClassicCursors _cursors = new("node");
    private readonly ReplayBudget _budget = new(1_000_000);

    [Fact]
    public void What_followed_the_last_message_a_client_saw_is_taken_once()
    {
        var buffer = NewBuffer();
        Frame[] frames = [Add(buffer), Add(buffer), Add(buffer)];

        Assert.Equal(frames[1..], After(buffer, frames[0]));
        Assert.Empty(After(buffer, frames[0]));
        Assert.Equal(0, _budget.Bytes);
    }

    [Fact]
    public void A_client_that_saw_everything_or_only_the_beginning_lost_nothing()
    {
        var buffer = NewBuffer();
        var beginning = Text(buffer.LastCursor());
        Assert.True(buffer.TryTakeAfter(beginning, out var none));
        Assert.Empty(none);

        var first = Add(buffer);
        Assert.True(buffer.TryTakeAfter(beginning, out var all));
        Assert.Equal([first], all);
        Assert.Equal(beginning, Text(buffer.LastCursor()));

        buffer.Add(first, 0);
        Assert.Empty(After(buffer, first));
        Assert.Equal(Cursor(first), Text(buffer.LastCursor()));
    }

    [Fact]
    public void What_is_acknowledged_is_released()
    {
        var buffer = NewBuffer();
        var (first, second) = (Add(buffer), Add(buffer));
        After(buffer, second);

        Assert.Equal(0, buffer.Count);
        Assert.False(buffer.TryTakeAfter(Cursor(first), out _));
    }

    [Fact]
    public void A_cursor_that_is_not_here_is_a_gap()
    {
        var buffer = NewBuffer();
        Add(buffer);

        Assert.False(buffer.TryTakeAfter(Text(_cursors.Next()), out _));
        Assert.False(buffer.TryTakeAfter("d-1", out _));
        Assert.False(buffer.TryTakeAfter(new string('ü', ClassicCursors.Length), out _));
        Assert.Equal(1, buffer.Count);
    }

    [Fact]
    public void The_oldest_are_released_beyond_the_number_of_messages()
    {
        var buffer = NewBuffer(maxMessages: 3);
        var frames = Enumerable.Range(0, 5).Select(_ => Add(buffer)).ToArray();

        Assert.Equal(3, buffer.Count);
        Assert.False(buffer.TryTakeAfter(Cursor(frames[0]), out _));
        Assert.Equal(frames[2..], After(buffer, frames[1]));
    }

    [Fact]
    public void The_oldest_are_released_beyond_the_bytes_but_never_the_newest()
    {
        var buffer = NewBuffer(maxBytes: 200);
        var (small, large) = (Add(buffer), Add(buffer, new string('1', 500)));

        Assert.Equal(1, buffer.Count);
        Assert.Equal([large], After(buffer, small));

        var (again, next) = (Add(buffer, new string('1', 500)), Add(buffer));
        Assert.Equal([next], After(buffer, again));
    }

    [Fact]
    public void What_is_too_old_is_released()
    {
        var buffer = NewBuffer();
        var (old, young) = (Add(buffer, now: 5), Add(buffer, now: 6));

        buffer.ReleaseOlder(5);

        Assert.Equal(1, buffer.Count);
        Assert.Equal([young], After(buffer, old));
    }

    [Fact]
    public void A_beginning_forgets_what_was_before()
    {
        var buffer = NewBuffer();
        var before = Add(buffer);
        buffer.Begin(_cursors.Next());

        Assert.Equal(0, buffer.Count);
        Assert.False(buffer.TryTakeAfter(Cursor(before), out _));
        Assert.Equal(0, _budget.Bytes);
    }

    [Fact]
    public void A_node_that_holds_too_much_keeps_only_the_newest_message()
    {
        var budget = new ReplayBudget(300);
        var (one, other) = (NewBuffer(budget: budget), NewBuffer(budget: budget));
        Add(one, new string('1', 250));
        var frames = Enumerable.Range(0, 4).Select(_ => Add(other)).ToArray();

        Assert.Equal(1, other.Count);
        Assert.Equal([frames[3]], After(other, frames[2]));

        Add(one);
        one.GiveWay();
        Assert.Equal(1, one.Count);
        Assert.False(budget.IsExceeded);
        one.Close();
        other.Close();
        Assert.Equal(0, budget.Bytes);
    }

    [Fact]
    public void Keeping_a_message_allocates_nothing_once_the_ring_has_its_size()
    {
        var buffer = NewBuffer(maxMessages: 16);
        var frames = Enumerable.Range(0, 1000).Select(_ => new Frame(ClassicFrame.Create(_cursors, "1"u8))).ToArray();
        for (var i = 0; i < 100; i++)
        {
            buffer.Add(frames[i], i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < frames.Length; i++)
        {
            buffer.Add(frames[i], i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_closed_buffer_keeps_nothing()
    {
        var buffer = NewBuffer();
        buffer.Close();
        Add(buffer);

        Assert.Equal(0, buffer.Count);
    }

    /// <summary>Against a plain list: whatever is added, released and taken, a client gets all that followed its cursor, or is told of a gap.</summary>
    [Fact]
    public void Any_history_leaves_no_silent_gap() => Gen.Int[0, 3].Array[0, 200].Sample(steps =>
    {
        var budget = new ReplayBudget(long.MaxValue);
        var buffer = new ReplayBuffer(10_000, 20, budget);
        buffer.Begin(_cursors.Next());
        var sent = new List<Frame>();
        var lastReleased = -1;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i] < 3)
            {
                sent.Add(Add(buffer, now: i));
                lastReleased = Math.Max(lastReleased, sent.Count - 1 - 20);
            }
            else if (sent.Count > 0)
            {
                var seen = (i * 7) % sent.Count;
                var known = buffer.TryTakeAfter(Cursor(sent[seen]), out var missed);
                if (known != (seen >= lastReleased))
                {
                    return false;
                }

                if (known)
                {
                    if (!missed.SequenceEqual(sent.Skip(seen + 1)))
                    {
                        return false;
                    }

                    lastReleased = seen;
                    foreach (var frame in missed)
                    {
                        buffer.Add(frame, i);
                    }
                }
            }
        }

        buffer.Close();
        return budget.Bytes == 0;
    });

    private static string Cursor(Frame frame) => Text(ClassicFrame.Cursor(frame.Bytes.Span));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);

    private static Frame[] After(ReplayBuffer buffer, Frame seen)
    {
        Assert.True(buffer.TryTakeAfter(Cursor(seen), out var frames));
        return frames;
    }

    private ReplayBuffer NewBuffer(int maxBytes = 10_000, int maxMessages = 100, ReplayBudget? budget = null)
    {
        var buffer = new ReplayBuffer(maxBytes, maxMessages, budget ?? _budget);
        buffer.Begin(_cursors.Next());
        return buffer;
    }

    private Frame Add(ReplayBuffer buffer, string items = "1", long now = 0)
    {
        var frame = new Frame(ClassicFrame.Create(_cursors, Encoding.UTF8.GetBytes(items)));
        buffer.Add(frame, now);
        return frame;
    }
}
