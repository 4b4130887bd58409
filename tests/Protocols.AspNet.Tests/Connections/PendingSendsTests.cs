using Tandem.Protocols.AspNet.Connections;
using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class PendingSendsTests
{
    private static readonly byte[] Result = "{}"u8.ToArray();

    [Fact]
    public void A_result_goes_to_the_oldest_call_with_its_id()
    {
        var sends = new PendingSends(10);
        var (one, other, same, none) = (sends.TryAdd("1")!, sends.TryAdd("2")!, sends.TryAdd("1")!, sends.TryAdd(null)!);

        Assert.True(sends.TryComplete("1", Result));
        Assert.True(sends.TryComplete(null, Result));

        Assert.True(one.Result.IsCompleted);
        Assert.True(none.Result.IsCompleted);
        Assert.False(other.Result.IsCompleted);
        Assert.False(same.Result.IsCompleted);
        Assert.False(sends.TryComplete("3", Result));
    }

    [Fact]
    public async Task The_result_of_a_call_with_progress_follows_it_down_the_stream()
    {
        var sends = new PendingSends(10);
        var (reporting, other) = (sends.TryAdd("1")!, sends.TryAdd("2")!);

        sends.FollowStream("1");
        sends.FollowStream("3");

        Assert.False(sends.TryComplete("1", Result));
        Assert.True((await reporting.Result) is { Json.IsEmpty: true, Lost: CloseReason.None });
        Assert.True(sends.TryComplete("2", Result));
        Assert.False((await other.Result).Json.IsEmpty);
    }

    [Fact]
    public void Too_many_calls_are_refused_until_one_is_answered_or_given_up()
    {
        var sends = new PendingSends(2);
        var first = sends.TryAdd("1")!;
        sends.TryAdd("2");
        Assert.Null(sends.TryAdd("3"));

        sends.Remove(first);
        Assert.False(sends.TryComplete("1", Result));
        Assert.NotNull(sends.TryAdd("3"));
        Assert.Null(sends.TryAdd("4"));
    }

    [Fact]
    public async Task What_waits_is_told_that_the_app_server_is_gone_and_later_calls_wait_anew()
    {
        var sends = new PendingSends(2);
        var first = sends.TryAdd("1")!;

        sends.Lose(CloseReason.ServerConnectionLost, close: false);

        Assert.Equal(CloseReason.ServerConnectionLost, (await first.Result).Lost);
        Assert.False(sends.TryAdd("1")!.Result.IsCompleted);
    }

    [Fact]
    public async Task After_the_end_nothing_waits()
    {
        var sends = new PendingSends(2);
        sends.Lose(CloseReason.ClientClosed, close: true);

        Assert.Equal(CloseReason.ClientClosed, (await sends.TryAdd("1")!.Result).Lost);
    }
}
