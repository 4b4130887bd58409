using Tandem.Protocols.AspNet.Connections;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class SocketCallsTests
{
    [Fact]
    public void Results_of_calls_over_a_lost_socket_are_kept_back_and_others_pass()
    {
        var calls = new SocketCalls(10);
        calls.Begin("0");
        calls.Begin("1");
        Assert.True(calls.TryEnd("1"));
        calls.LoseSocket();

        Assert.False(calls.TryEnd("0"));
        Assert.True(calls.TryEnd("0"));
        Assert.True(calls.TryEnd("1"));
        Assert.True(calls.TryEnd(null));
    }

    [Fact]
    public void Each_of_several_lost_calls_with_one_id_keeps_back_one_result()
    {
        var calls = new SocketCalls(10);
        calls.Begin("0");
        calls.LoseSocket();
        calls.Begin("0");
        calls.LoseSocket();
        calls.Begin("0");

        Assert.False(calls.TryEnd("0"));
        Assert.False(calls.TryEnd("0"));
        Assert.True(calls.TryEnd("0"));
    }

    [Fact]
    public void A_new_app_server_knows_nothing_of_lost_calls()
    {
        var calls = new SocketCalls(10);
        calls.Begin("0");
        calls.LoseSocket();
        calls.LoseServer();

        Assert.True(calls.TryEnd("0"));
    }

    [Fact]
    public void Beyond_the_bound_calls_are_not_followed()
    {
        var calls = new SocketCalls(1);
        calls.Begin("0");
        calls.Begin("1");
        calls.LoseSocket();

        Assert.False(calls.TryEnd("0"));
        Assert.True(calls.TryEnd("1"));
    }
}
