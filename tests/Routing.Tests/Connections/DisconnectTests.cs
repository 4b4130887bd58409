using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Connections;

/// <summary>How connections end, and what is left: nothing.</summary>
public class DisconnectTests : IDisposable
{
    private readonly TestNode _node = new();

    [Fact]
    public async Task A_connection_ends_once_and_the_first_reason_wins()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();

        _node.Clients.Disconnect(client.Connection, CloseReason.TokenExpired);
        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);

        Assert.Equal((CloseReason.TokenExpired, null), Assert.Single(client.Physical.Ends));
        var close = Assert.Single(server.All<CloseConnectionMessage>());
        Assert.Equal(client.Id, close.ConnectionId);
        Assert.Equal(CloseReason.TokenExpired.Describe(), close.Error);
        Assert.True(client.Connection.IsClosed);
        Assert.Single(_node.Recorded.Of("gateway.client.connection.duration"));
    }

    [Fact]
    public async Task Many_who_end_a_connection_at_once_end_it_once()
    {
        var server = _node.AddServer();
        for (var round = 0; round < 50; round++)
        {
            var client = await _node.ConnectAsync(user: "u");
            using var start = new Barrier(3);
            var reasons = new[] { CloseReason.ClientClosed, CloseReason.SlowConsumer, CloseReason.TransportFailed };
            await Task.WhenAll(reasons.Select(reason => Work.Run(() =>
            {
                start.Together();
                _node.Clients.Disconnect(client.Connection, reason);
            }))).InTimeAsync();

            Assert.Single(client.Physical.Ends);
        }

        Assert.Equal(50, server.All<CloseConnectionMessage>().Count());
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_client_that_goes_is_no_error_for_the_app_server()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();

        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);

        Assert.Null(Assert.Single(server.All<CloseConnectionMessage>()).Error);
    }

    [Fact]
    public async Task Everything_a_connection_belonged_to_forgets_it()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync(user: "u");
        var other = await _node.ConnectAsync(user: "u");
        foreach (var group in new[] { "a", "b" })
        {
            _node.Messages.Route(server, new JoinGroupMessage(client.Id, group));
        }

        _node.Messages.Route(server, new JoinGroupMessage(other.Id, "b"));
        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);

        Assert.False(_node.Hub().Groups.TryGet("a", out _));
        Assert.True(_node.Hub().Groups.TryGet("b", out var members));
        Assert.Equal([other.Connection], members.Snapshot().ToArray());
        Assert.True(_node.Hub().Users.TryGet("u", out var connections));
        Assert.Equal(1, connections.Count);
        Assert.False(_node.Table.TryGet(client.Id, out _));

        _node.Clients.Disconnect(other.Connection, CloseReason.ClientClosed);
        _node.AssertForgotten();
    }

    [Fact]
    public async Task Nothing_of_a_client_reaches_the_app_server_after_its_end()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        Assert.True(await client.SendAsync("a").InTimeAsync());
        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);

        Assert.False(await client.SendAsync("b").InTimeAsync());

        Assert.Equal(["hs", "a"], server.Data(client.Id));
        Assert.IsType<CloseConnectionMessage>(server.Written[^1]);
    }

    [Fact]
    public async Task A_lost_server_connection_takes_its_clients_with_it_and_is_told_nothing()
    {
        var lost = _node.AddServer("s1");
        var here = await _node.ConnectAsync(user: "u");
        var stays = _node.AddServer("s2");
        var there = await _node.ConnectAsync(sticky: "s2");
        _node.Messages.Route(lost, new JoinGroupMessage(here.Id, "g"));

        _node.Lose(lost);

        Assert.Equal((CloseReason.ServerConnectionLost, null), Assert.Single(here.Physical.Ends));
        Assert.Empty(lost.All<CloseConnectionMessage>());
        Assert.Empty(there.Physical.Ends);
        Assert.True(await there.SendAsync("a").InTimeAsync());
        Assert.Equal([stays], _node.Hub().Servers.Snapshot().ToArray());
        Assert.Equal(1, _node.Clients.Count);
        Assert.Equal(0, _node.Hub().Groups.Count);
    }

    [Fact]
    public async Task Data_that_waits_for_room_is_given_up_when_the_connection_ends()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        server.Fill();
        var sending = client.SendAsync("a").AsTask();
        await Wait.UntilAsync(() => server.Waiting == 1, "the sender to wait");

        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);
        server.MakeRoom();

        Assert.False(await sending.InTimeAsync());
        Assert.Equal(["hs"], server.Data(client.Id));
    }

    [Fact]
    public async Task Back_pressure_of_the_app_server_reaches_the_client()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        server.Fill();

        var sending = client.SendAsync("a").AsTask();
        await Wait.UntilAsync(() => server.Waiting == 1, "the sender to wait");
        Assert.False(sending.IsCompleted);
        server.MakeRoom();

        Assert.True(await sending.InTimeAsync());
        Assert.Equal(["hs", "a"], server.Data(client.Id));
    }

    [Fact]
    public async Task A_sender_may_give_up_waiting_for_room()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        server.Fill();
        using var closing = new CancellationTokenSource();
        var sending = client.SendUntilAsync("a", closing.Token).AsTask();
        await Wait.UntilAsync(() => server.Waiting == 1, "the sender to wait");

        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.InTimeAsync());
    }

    [Fact]
    public async Task A_connection_that_is_ended_while_it_is_announced_is_taken_back()
    {
        var server = _node.AddServer();
        var physical = new FakePhysicalConnection();
        server.AfterBegin = () => EndAll(CloseReason.SlowConsumer);

        var result = await _node.BeginConnect(physical, _node.Descriptor(user: "u")).InTimeAsync();

        Assert.True(result.Connection!.IsClosed);
        Assert.Equal(CloseReason.SlowConsumer, Assert.Single(physical.Ends).Reason);
        Assert.Equal(["OpenConnectionMessage", "ConnectionDataMessage", "CloseConnectionMessage"], server.Written.Select(message => message.GetType().Name));
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_connection_that_is_ended_just_before_it_is_announced_is_taken_back()
    {
        var server = _node.AddServer();
        var physical = new FakePhysicalConnection();
        server.BeforeBegin = () => EndAll(CloseReason.Shutdown);

        var result = await _node.BeginConnect(physical, _node.Descriptor(user: "u")).InTimeAsync();

        Assert.True(result.Connection!.IsClosed);
        Assert.Single(physical.Ends);
        Assert.Single(server.All<CloseConnectionMessage>());
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_connection_that_is_ended_while_it_is_registered_is_in_no_table_afterwards()
    {
        var server = _node.AddServer();
        _node.Messages.Route(server, new UserJoinGroupMessage("u", "g"));
        var physical = new FakePhysicalConnection();
        _node.Recorded.NextInstrument = "gateway.client.connections";
        _node.Recorded.OnNext = () => EndAll(CloseReason.Shutdown);

        var result = await _node.BeginConnect(physical, _node.Descriptor(user: "u")).InTimeAsync();

        Assert.True(result.Connection!.IsClosed);
        Assert.Single(physical.Ends);
        _node.AssertForgotten();
    }

    [Fact]
    public async Task Clients_that_come_while_all_are_being_closed_leave_nothing_behind()
    {
        var server = _node.AddServer();
        _node.Messages.Route(server, new UserJoinGroupMessage("u", "g"));
        using var stop = new CancellationTokenSource();
        var closer = Work.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _node.Messages.Route(server, new CloseConnectionsWithAckMessage("go", 1, []));
                _node.Clients.DisconnectAll(CloseReason.Shutdown);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Work.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await _node.BeginConnect(new FakePhysicalConnection(), _node.Descriptor(user: "u")).InTimeAsync();
            }
        }))).InTimeAsync();
        await stop.CancelAsync();
        await closer.InTimeAsync();
        _node.Clients.DisconnectAll(CloseReason.Shutdown);

        _node.AssertForgotten();
        Assert.Equal(server.All<OpenConnectionMessage>().Count(), server.All<CloseConnectionMessage>().Count());
    }

    public void Dispose() => _node.Dispose();

    private void EndAll(CloseReason reason) => _node.Clients.DisconnectAll(reason);
}
