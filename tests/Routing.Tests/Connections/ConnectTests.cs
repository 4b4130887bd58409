using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Connections;

/// <summary>How a client finds its app server.</summary>
public class ConnectTests : IDisposable
{
    private readonly TestNode _node = new();

    [Fact]
    public async Task A_client_is_announced_with_all_that_is_known_of_it_and_its_handshake_follows()
    {
        var server = _node.AddServer();

        var client = await _node.ConnectHeldAsync(_node.Descriptor(user: "u", encoder: TestEncoders.MessagePack, handshake: "handshake"));

        Assert.Equal(2, server.Written.Length);
        var open = Assert.IsType<OpenConnectionMessage>(server.Written[0]);
        Assert.Equal(client.Id, open.ConnectionId);
        Assert.Equal("messagepack", open.Protocol);
        Assert.Equal("?a=1", open.QueryString);
        Assert.Equal(new KeyValuePair<string, string>("role", "guest"), Assert.Single(open.Claims));
        Assert.Equal("X-Test", Assert.Single(open.Headers).Key);
        var data = Assert.IsType<ConnectionDataMessage>(server.Written[1]);
        Assert.Equal((client.Id, "handshake"), (data.ConnectionId, Text.Of(data.Payload)));
        Assert.True(server.Clients.Contains(client.Connection));
        Assert.True(_node.Hub().Clients.Contains(client.Connection));
        Assert.Equal(1, _node.Clients.Count);
    }

    [Fact]
    public async Task A_protocol_without_handshake_is_open_at_once()
    {
        var server = _node.AddServer();

        var client = await _node.ConnectHeldAsync(_node.Descriptor(handshake: string.Empty));

        Assert.IsType<OpenConnectionMessage>(Assert.Single(server.Written));
        Assert.True(client.Physical.Queue.IsOpen);
    }

    [Fact]
    public async Task Clients_go_where_the_fewest_are()
    {
        var servers = new[] { _node.AddServer(), _node.AddServer(), _node.AddServer("s2") };

        for (var i = 0; i < 9; i++)
        {
            await _node.ConnectAsync();
        }

        Assert.All(servers, server => Assert.Equal(3, server.Clients.Count));
    }

    [Fact]
    public async Task Weak_and_leaving_server_connections_and_those_of_other_hubs_get_no_clients()
    {
        var weak = _node.AddWeakServer();
        var leaving = _node.AddServer();
        leaving.StopClients();
        var other = _node.AddServer(hub: "other");
        var server = _node.AddServer(kind: ServerConnectionKind.OnDemand);

        await _node.ConnectAsync();
        await _node.ConnectAsync();

        Assert.Equal(2, server.Clients.Count);
        Assert.All(new[] { weak, leaving, other }, none => Assert.Equal(0, none.Clients.Count));
    }

    [Fact]
    public async Task A_sticky_client_goes_to_its_app_server_although_others_have_fewer_clients()
    {
        _node.AddServer("s1");
        var sticky = _node.AddServer("s2");

        for (var i = 0; i < 3; i++)
        {
            Assert.Same(sticky, (await _node.ConnectAsync(sticky: "s2")).Server);
        }
    }

    [Fact]
    public async Task A_client_that_prefers_an_app_server_takes_another_one_when_it_is_not_there()
    {
        var server = _node.AddServer("s1");

        var client = await _node.ConnectHeldAsync(_node.Descriptor(sticky: "s2", required: false));

        Assert.Same(server, client.Server);
    }

    [Fact]
    public async Task A_client_that_needs_an_app_server_waits_for_it()
    {
        _node.AddServer("s1");
        var connecting = _node.BeginConnect(new FakePhysicalConnection(), _node.Descriptor(sticky: "s2", required: true)).AsTask();
        _node.AddServer("s1");
        Assert.False(connecting.IsCompleted);

        var sticky = _node.AddServer("s2");

        Assert.Same(sticky, (await connecting.InTimeAsync()).Connection!.Pairing!.Server);
    }

    [Fact]
    public async Task A_client_that_comes_before_its_app_server_waits_for_it()
    {
        var connecting = _node.BeginConnect(new FakePhysicalConnection()).AsTask();
        _node.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(connecting.IsCompleted);

        var server = _node.AddServer();

        var result = await connecting.InTimeAsync();
        Assert.Same(server, result.Connection!.Pairing!.Server);
        Assert.Equal(0, _node.Recorded.Sum("gateway.client.refused"));
    }

    [Fact]
    public async Task A_client_whose_app_server_does_not_come_is_told_to_come_back_later()
    {
        var connecting = _node.BeginConnect(new FakePhysicalConnection()).AsTask();
        _node.AddWeakServer();
        Assert.False(connecting.IsCompleted);

        _node.Time.Advance(TimeSpan.FromSeconds(5));

        var result = await connecting.InTimeAsync();
        Assert.Equal((null, CloseReason.NoServerAvailable), (result.Connection, result.Reason));
        Assert.True(result.Reason.ShouldReconnect());
        Assert.Equal(1, _node.Recorded.Sum("gateway.client.refused", "reason=no_server_available"));
        Assert.Equal(["Refused"], _node.Log.Alarms);
        _node.AssertForgotten();
    }

    [Fact]
    public async Task Without_a_wait_the_answer_comes_at_once()
    {
        _node.Options.WaitForServer = TimeSpan.Zero;

        Assert.Equal(CloseReason.NoServerAvailable, (await _node.BeginConnect(new FakePhysicalConnection()).InTimeAsync()).Reason);
    }

    [Fact]
    public async Task A_client_that_gives_up_while_it_waits_leaves_nothing_behind()
    {
        using var gone = new CancellationTokenSource();
        var connecting = _node.BeginConnectUntil(new FakePhysicalConnection(), gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.InTimeAsync());
        _node.AssertForgotten();
        Assert.Equal(CloseReason.None, _node.Clients.Refusal);
    }

    [Fact]
    public async Task A_server_connection_that_begins_to_leave_at_this_moment_is_passed_over()
    {
        var leaving = _node.AddServer("s1");
        leaving.BeforeBegin = leaving.StopClients;
        var other = _node.AddServer("s2");

        for (var i = 0; i < 4; i++)
        {
            Assert.Same(other, (await _node.ConnectAsync()).Server);
        }

        Assert.Empty(leaving.Written);
        Assert.Equal(0, leaving.Clients.Count);
    }

    [Fact]
    public async Task A_server_connection_that_is_lost_at_this_moment_takes_nobody_with_it_silently()
    {
        var lost = _node.AddServer("s1");
        lost.BeforeBegin = () => _node.Lose(lost);

        var physical = new FakePhysicalConnection();
        var result = await _node.BeginConnect(physical).InTimeAsync();

        Assert.True(result.Connection!.IsClosed);
        Assert.Equal(CloseReason.ServerConnectionLost, Assert.Single(physical.Ends).Reason);
        Assert.Empty(lost.Written);
        Assert.False(await new TestClient(_node, physical, result.Connection).SendAsync("a").InTimeAsync());
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_server_connection_that_fails_to_open_a_client_leaves_nothing_of_it()
    {
        var broken = _node.AddServer();
        broken.BeforeBegin = () => throw new InvalidOperationException("broken");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _node.BeginConnect(new FakePhysicalConnection(), _node.Descriptor(user: "u")).InTimeAsync());

        _node.AssertForgotten();
    }

    [Fact]
    public async Task Waiting_for_an_app_server_answers_a_negotiate_request()
    {
        var waiting = _node.WaitForServerAsync("chat", null, false).AsTask();
        Assert.False(waiting.IsCompleted);
        _node.AddServer("s1");
        Assert.Equal(CloseReason.None, await waiting.InTimeAsync());

        waiting = _node.WaitForServerAsync("chat", "s2", true).AsTask();
        Assert.False(waiting.IsCompleted);
        _node.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CloseReason.NoServerAvailable, await waiting.InTimeAsync());
        Assert.Equal(1, _node.Recorded.Sum("gateway.client.refused", "reason=no_server_available"));
    }

    [Fact]
    public async Task Many_clients_that_wait_are_all_paired_when_the_app_server_comes()
    {
        var connecting = Enumerable.Range(0, 200).Select(_ => _node.BeginConnect(new FakePhysicalConnection()).AsTask()).ToArray();
        var server = _node.AddServer();

        var results = await Task.WhenAll(connecting).InTimeAsync();

        Assert.All(results, result => Assert.NotNull(result.Connection));
        Assert.Equal(200, server.Clients.Count);
        Assert.Equal(200, server.All<OpenConnectionMessage>().Count());
    }

    public void Dispose() => _node.Dispose();
}
