using Tandem.Protocols.AspNet.Connections;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class SocketCallsTests
{
    private readonly SocketCalls _calls = new(10);

    [Fact]
    public void Results_of_calls_over_a_lost_socket_are_kept_back_and_others_pass()
    {
        Begin("0");
        Begin("1");
        Assert.True(Ends("1"));
        _calls.LoseSocket();

        Assert.False(Ends("0"));
        Assert.True(Ends("0"));
        Assert.True(Ends("1"));
        Assert.True(_calls.TryEnd(null, out _));
        Assert.False(_calls.AreConfused);
    }

    [Fact]
    public void A_call_with_the_id_of_a_lost_one_goes_by_another()
    {
        Begin("0");
        _calls.LoseSocket();
        var alias = _calls.Begin("0")!;

        Assert.NotEqual("0", alias);
        Assert.True(_calls.TryContinue(alias, out var original));
        Assert.Equal("0", original);
        Assert.True(_calls.TryEnd(alias, out original));
        Assert.Equal("0", original);
        Assert.False(_calls.TryContinue("0", out _));
        Assert.False(Ends("0"));
        Assert.Null(_calls.Begin("0"));
    }

    [Fact]
    public void A_call_by_another_id_can_be_lost_too()
    {
        Begin("0");
        _calls.LoseSocket();
        var first = _calls.Begin("0")!;
        _calls.LoseSocket();
        var second = _calls.Begin("0")!;

        Assert.NotEqual(first, second);
        Assert.False(_calls.TryContinue(first, out _));
        Assert.False(Ends(first));
        Assert.False(Ends("0"));
        Assert.True(_calls.TryEnd(second, out var original));
        Assert.Equal("0", original);
    }

    [Fact]
    public void A_new_app_server_knows_nothing_of_lost_calls()
    {
        Begin("0");
        _calls.LoseSocket();
        _calls.LoseServer();

        Assert.False(_calls.AreConfused);
        Assert.True(Ends("0"));
    }

    [Fact]
    public void Beyond_the_bound_calls_are_not_followed()
    {
        var calls = new SocketCalls(1);
        calls.Begin("0");
        calls.Begin("1");
        calls.LoseSocket();

        Assert.True(calls.TryEnd("1", out _));
        Assert.NotNull(calls.Begin("0"));
        Assert.Null(calls.Begin("0"));
        Assert.False(calls.TryEnd("0", out _));
    }

    private void Begin(string id) => Assert.Null(_calls.Begin(id));

    private bool Ends(string id)
    {
        var ends = _calls.TryEnd(id, out var original);
        Assert.Null(original);
        return ends;
    }
}
