using CsCheck;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Servers;

/// <summary>Clients that go on at another app server when theirs shuts down.</summary>
public class MigrationTests : IDisposable
{
    private readonly TestNode _node = new();

    [Fact]
    public async Task A_client_moves_with_its_id_its_groups_and_its_handshake()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync(user: "u");
        var to = AddServer("s2");
        _node.Messages.Route(from, new JoinGroupMessage(client.Id, "g"));
        Assert.True(await client.SendAsync("before").InTimeAsync());

        Assert.Equal(1, Migrate(from));
        Assert.True(await client.SendAsync("after").InTimeAsync());

        var close = Assert.IsType<CloseConnectionMessage>(from.Written[^1]);
        Assert.Equal(client.Id, close.ConnectionId);
        Assert.Equal(["s2"], Header(close.Headers, ServiceHeaders.MigrateTo));
        Assert.True(string.IsNullOrEmpty(close.Error));
        var open = Assert.IsType<OpenConnectionMessage>(to.Written[0]);
        Assert.Equal(client.Id, open.ConnectionId);
        Assert.Equal(["s1"], Header(open.Headers, ServiceHeaders.MigrateFrom));
        Assert.Equal(["1"], Header(open.Headers, "X-Test"));
        Assert.Equal(("?a=1", "json"), (open.QueryString, open.Protocol));
        Assert.Equal(["hs", "before"], from.Data(client.Id));
        Assert.Equal(["hs", "after"], to.Data(client.Id));
        Assert.Same(to, client.Server);
        Assert.Equal((0, 1), (from.Clients.Count, to.Clients.Count));
        Assert.Empty(client.Physical.Ends);

        _node.Messages.Route(to, new GroupBroadcastDataMessage("g", [], Text.Payloads("group"), []));
        _node.Messages.Route(to, new ConnectionDataMessage(client.Id, Text.Bytes("direct")));
        Assert.Equal(["group", "direct"], await client.TakeAsync());
    }

    [Fact]
    public async Task A_moved_client_does_not_end_with_the_app_server_it_left()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        var to = AddServer("s2");
        Migrate(from);

        _node.Lose(from);
        Assert.Empty(client.Physical.Ends);
        _node.Lose(to);

        Assert.Equal(CloseReason.ServerConnectionLost, Assert.Single(client.Physical.Ends).Reason);
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_client_that_moves_twice_names_only_the_last_app_server_it_came_from()
    {
        var first = AddServer("s1");
        var client = await _node.ConnectAsync();
        var second = AddServer("s2");
        Migrate(first);
        _node.Lose(first);
        var third = AddServer("s3");

        Assert.Equal(1, Migrate(second));

        var open = Assert.Single(third.All<OpenConnectionMessage>());
        Assert.Equal(["s2"], Header(open.Headers, ServiceHeaders.MigrateFrom));
        Assert.Equal(["s3"], Header(second.All<CloseConnectionMessage>().Single().Headers, ServiceHeaders.MigrateTo));
        Assert.True(await client.SendAsync("a").InTimeAsync());
        Assert.Equal(["hs", "a"], third.Data(client.Id));
    }

    [Fact]
    public async Task Clients_are_spread_over_the_app_servers_that_remain()
    {
        var from = AddServer("s1");
        for (var i = 0; i < 6; i++)
        {
            await _node.ConnectAsync();
        }

        var others = new[] { AddServer("s2"), AddServer("s2"), AddServer("s3") };
        Assert.Equal(6, Migrate(from));

        Assert.All(others, server => Assert.Equal(2, server.Clients.Count));
    }

    [Fact]
    public async Task Without_another_app_server_that_offers_it_everyone_stays_and_is_served()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        AddServer("s1");
        _node.AddServer("s2", migration: MigrationLevel.Off);
        _node.AddWeakServer("s3");
        AddServer("s4").StopClients();
        _node.AddServer("s5", hub: "other", migration: MigrationLevel.Any);

        Assert.Equal(0, Migrate(from));

        Assert.Empty(from.All<CloseConnectionMessage>());
        Assert.True(await client.SendAsync("a").InTimeAsync());
        Assert.Equal(["hs", "a"], from.Data(client.Id));
    }

    [Fact]
    public async Task An_app_server_that_does_not_offer_it_keeps_its_clients()
    {
        var from = _node.AddServer("s1", migration: MigrationLevel.Off);
        var client = await _node.ConnectAsync();
        AddServer("s2");

        Assert.Equal(0, Migrate(from));

        Assert.Same(from, client.Server);
        Assert.True(await client.SendAsync("a").InTimeAsync());
    }

    [Fact]
    public async Task A_client_whose_handshake_is_not_answered_yet_moves_later()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectHeldAsync();
        AddServer("s2");
        Assert.Equal(0, Migrate(from));

        await client.OpenAsync();

        Assert.Equal(1, Migrate(from));
    }

    [Fact]
    public async Task A_client_that_finds_its_new_app_server_lost_is_told_to_reconnect()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync(user: "u");
        var to = AddServer("s2");
        to.BeforeBegin = () => _node.Lose(to);

        Assert.Equal(0, Migrate(from));

        Assert.Equal(CloseReason.ServerConnectionLost, Assert.Single(client.Physical.Ends).Reason);
        Assert.False(await client.SendAsync("a").InTimeAsync());
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_client_whose_new_app_server_is_lost_just_after_the_opening_is_told_to_reconnect()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        var to = AddServer("s2");
        to.AfterBegin = () => _node.Lose(to);

        Migrate(from);

        Assert.Equal(CloseReason.ServerConnectionLost, Assert.Single(client.Physical.Ends).Reason);
        Assert.False(await client.SendAsync("a").InTimeAsync());
        _node.AssertForgotten();
    }

    [Fact]
    public async Task A_client_that_goes_while_it_moves_is_closed_at_its_new_app_server()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        var to = AddServer("s2");
        to.BeforeBegin = () => _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);

        Migrate(from);

        Assert.Equal(["OpenConnectionMessage", "ConnectionDataMessage", "CloseConnectionMessage"], to.Written.Select(message => message.GetType().Name));
        Assert.Single(client.Physical.Ends);
        _node.AssertForgotten();
    }

    [Fact]
    public async Task Data_that_comes_between_the_closing_and_the_opening_waits_for_the_new_app_server()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        var to = AddServer("s2");
        var opening = new SyncPoint();
        to.BeforeBegin = opening.Pass;
        var moving = Work.Run(() => Migrate(from));
        await opening.ReachedAsync();

        var sending = client.SendAsync("a").AsTask();
        Assert.False(sending.IsCompleted);
        opening.Continue();

        Assert.Equal(1, await moving.InTimeAsync());
        Assert.True(await sending.InTimeAsync());
        Assert.Equal(["hs", "a"], to.Data(client.Id));
        Assert.Equal(["hs"], from.Data(client.Id));
    }

    [Fact]
    public async Task Data_that_waits_for_room_at_the_old_app_server_goes_to_the_new_one()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        var to = AddServer("s2");
        from.Fill();
        var sending = client.SendAsync("a").AsTask();
        await Wait.UntilAsync(() => from.Waiting == 1, "the sender to wait");

        Assert.Equal(1, Migrate(from));
        from.MakeRoom();

        Assert.True(await sending.InTimeAsync());
        Assert.Equal(["hs", "a"], to.Data(client.Id));
    }

    [Fact]
    public async Task Questions_to_a_client_that_moves_are_answered_with_an_error()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        AddServer("s2");
        var caller = _node.AddServer("s3");
        _node.Messages.Route(caller, new ClientInvocationMessage("i1", client.Id, "s3", Text.Payloads("question")));
        caller.StopClients();

        Migrate(from);

        Assert.Equal("i1", Assert.Single(caller.All<ErrorCompletionMessage>()).InvocationId);
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task A_question_that_comes_while_its_client_moves_is_answered_with_an_error()
    {
        var from = AddServer("s1");
        var client = await _node.ConnectAsync();
        AddServer("s2");
        var caller = _node.AddServer("s3");
        caller.StopClients();
        _node.Recorded.NextInstrument = "gateway.messages";
        _node.Recorded.OnNext = () => Assert.Equal(1, Migrate(from));

        _node.Messages.Route(caller, new ClientInvocationMessage("i1", client.Id, "s3", Text.Payloads("question")));

        Assert.Equal("i1", Assert.Single(caller.All<ErrorCompletionMessage>()).InvocationId);
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public void Data_of_clients_that_move_around_is_lost_nowhere_and_stays_in_order()
    {
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6]).Sample((clients, moves) => RaceAsync(clients, moves).GetAwaiter().GetResult(), iter: 40, threads: 1);
    }

    public void Dispose() => _node.Dispose();

    private static async Task RaceAsync(int count, int moves)
    {
        const int Messages = 100;
        using var node = new TestNode();
        var servers = new List<FakeServerConnection> { node.AddServer("s0", migration: MigrationLevel.Any) };
        var clients = new List<TestClient>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(await node.ConnectAsync());
        }

        var senders = clients.Select(client => Work.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                Assert.True(await client.SendAsync($"{i}").InTimeAsync());
            }
        })).ToArray();
        for (var i = 1; i <= moves; i++)
        {
            servers.Add(node.AddServer($"s{i}", migration: MigrationLevel.Any));
            servers[^2].StopClients();
            Assert.Equal(count, node.Servers.Migrate(servers[^2]));
            await Task.Yield();
        }

        await Task.WhenAll(senders).InTimeAsync();

        foreach (var client in clients)
        {
            var data = servers.SelectMany(server => server.Data(client.Id).Skip(1));
            Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"{i}"), data);
            Assert.All(servers, server => Assert.Equal("hs", server.Data(client.Id)[0]));
            foreach (var server in servers[..^1])
            {
                Assert.IsType<CloseConnectionMessage>(server.Written.Last(message => OfClient(message, client.Id)));
            }
        }
    }

    private static bool OfClient(ServiceMessage message, string id) => message switch
    {
        OpenConnectionMessage m => m.ConnectionId == id,
        ConnectionDataMessage m => m.ConnectionId == id,
        CloseConnectionMessage m => m.ConnectionId == id,
        _ => false,
    };

    private static string[] Header(IReadOnlyList<KeyValuePair<string, string[]>> headers, string name) =>
        Assert.Single(headers, header => header.Key == name).Value;

    private FakeServerConnection AddServer(string serverId) => _node.AddServer(serverId, migration: MigrationLevel.ShutdownOnly);

    private int Migrate(FakeServerConnection from)
    {
        from.StopClients();
        return _node.Servers.Migrate(from);
    }
}
