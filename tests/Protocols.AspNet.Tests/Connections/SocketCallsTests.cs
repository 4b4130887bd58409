using Tandem.Protocols.AspNet.Connections;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class SocketCallsTests
{
    private readonly SocketCalls _calls = new(10);
    private object _socket = new();

    public SocketCallsTests() => _calls.Open(_socket);

    [Fact]
    public void Results_of_calls_over_a_lost_socket_are_kept_back_and_others_pass()
    {
        Begin("0");
        Begin("1");
        Assert.True(Ends("1"));
        Reopen();

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
        Reopen();
        var alias = _calls.Begin(_socket, "0")!;

        Assert.NotEqual("0", alias);
        Assert.True(_calls.TryContinue(alias, out var original));
        Assert.Equal("0", original);
        Assert.True(_calls.TryEnd(alias, out original));
        Assert.Equal("0", original);
        Assert.False(_calls.TryContinue("0", out _));
        Assert.False(Ends("0"));
        Assert.Null(_calls.Begin(_socket, "0"));
    }

    [Fact]
    public void A_call_by_another_id_can_be_lost_too()
    {
        Begin("0");
        Reopen();
        var first = _calls.Begin(_socket, "0")!;
        Reopen();
        var second = _calls.Begin(_socket, "0")!;

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
        Reopen();
        _calls.LoseServer();

        Assert.False(_calls.AreConfused);
        Assert.True(Ends("0"));
    }

    [Fact]
    public void Beyond_the_bound_calls_are_not_followed()
    {
        var calls = new SocketCalls(1);
        calls.Open(_socket);
        calls.Begin(_socket, "0");
        calls.Begin(_socket, "1");
        calls.Open(_socket);

        Assert.True(calls.TryEnd("1", out _));
        Assert.NotNull(calls.Begin(_socket, "0"));
        Assert.Null(calls.Begin(_socket, "0"));
        Assert.False(calls.TryEnd("0", out _));
    }

    [Fact]
    public void A_call_over_a_socket_that_was_replaced_meanwhile_is_lost()
    {
        var former = _socket;
        Reopen();
        Assert.Null(_calls.Begin(former, "0"));

        Assert.NotNull(_calls.Begin(_socket, "0"));
        Assert.False(Ends("0"));
    }

    private void Reopen()
    {
        _socket = new object();
        _calls.Open(_socket);
    }

    private void Begin(string id) => Assert.Null(_calls.Begin(_socket, id));

    private bool Ends(string id)
    {
        var ends = _calls.TryEnd(id, out var original);
        Assert.Null(original);
        return ends;
    }
}
