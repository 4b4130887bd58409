using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Families;

/// <summary>Two generations of clients and app servers under one roof, and sometimes in one hub.</summary>
public class FamilyTests : IDisposable
{
    private readonly TestNode _node = new();

    [Fact]
    public async Task A_client_is_paired_with_an_app_server_of_its_own_family_only()
    {
        var core = _node.AddServer(hub: "app_app");
        var classic = _node.AddClassicServer("app_app");
        _node.AddClassicServer("app_chat");

        var old = await _node.ConnectClassicAsync(["app_chat"]);
        var modern = await _node.ConnectAsync("app_app");

        Assert.Same(classic, old.Server);
        Assert.Same(core, modern.Server);
    }

    [Fact]
    public async Task A_client_waits_for_an_app_server_of_its_own_family()
    {
        _node.AddServer(hub: "app_app");
        _node.AddClassicServer("app_chat");

        var waiting = _node.ConnectClassicAsync(["app_chat"]);
        Assert.False(waiting.IsCompleted);

        _node.AddClassicServer("app_app");
        await waiting;
    }

    [Fact]
    public async Task Where_families_do_not_mix_a_client_waits_for_a_hub_that_only_the_other_one_serves()
    {
        _node.Mixing.CurrentValue.Enabled = false;
        var classic = _node.AddClassicServer("app_app");
        _node.AddServer(hub: "app_chat");

        var waiting = _node.ConnectClassicAsync(["app_chat"]);
        Assert.False(waiting.IsCompleted);

        _node.AddClassicServer("app_chat");
        Assert.Same(classic, (await waiting).Server);
    }

    [Fact]
    public async Task A_message_reaches_members_of_the_senders_family_and_is_counted_for_the_others()
    {
        _node.AddClassicServer("app_app");
        var classic = _node.AddClassicServer("app_chat");
        var core = _node.AddServer(hub: "app_chat");
        var old = await _node.ConnectClassicAsync(["app_chat"]);
        var modern = await _node.ConnectAsync("app_chat");

        _node.Messages.Route(classic, new BroadcastDataMessage([], Text.Payloads("from classic")));
        _node.Messages.Route(core, new BroadcastDataMessage([], Text.Payloads("from core")));

        Assert.Equal(["from classic"], await old.TakeAsync());
        Assert.Equal(["from core"], await modern.TakeAsync());
        Assert.Equal(2, _node.Recorded.Sum("gateway.messages.dropped"));
    }

    [Fact]
    public async Task Data_of_the_other_familys_app_server_is_dropped_and_counted()
    {
        _node.AddClassicServer("app_app");
        _node.AddClassicServer("app_chat");
        var core = _node.AddServer(hub: "app_chat");
        var old = await _node.ConnectClassicAsync(["app_chat"]);

        _node.Messages.Route(core, new ConnectionDataMessage(old.Id, Text.Bytes("not for it")));
        _node.Messages.RouteConnectionData(core, System.Text.Encoding.UTF8.GetBytes(old.Id), "nor this"u8);

        Assert.Empty(await old.TakeAsync());
        Assert.Equal(2, _node.Recorded.Sum("gateway.messages.dropped"));
    }

    [Fact]
    public async Task A_client_is_reached_through_each_hub_it_is_a_member_of_and_through_no_other()
    {
        var app = _node.AddClassicServer("app_app");
        var chat = _node.AddClassicServer("app_chat");
        var news = _node.AddClassicServer("app_news");
        var other = _node.AddClassicServer("app_other");
        var client = await _node.ConnectClassicAsync(["app_chat", "app_news"], "u");

        _node.Messages.Route(chat, new BroadcastDataMessage([], Text.Payloads("chat")));
        _node.Messages.Route(news, new UserDataMessage("u", Text.Payloads("news")));
        _node.Messages.Route(other, new BroadcastDataMessage([], Text.Payloads("other")));
        _node.Messages.Route(other, new UserDataMessage("u", Text.Payloads("other")));
        _node.Messages.Route(other, new ConnectionDataMessage(client.Id, Text.Bytes("other")));
        _node.Messages.Route(app, new ConnectionDataMessage(client.Id, Text.Bytes("app")));

        Assert.Equal(["chat", "news", "app"], await client.TakeAsync());

        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);
        foreach (var hub in new[] { "app_app", "app_chat", "app_news" })
        {
            _node.AssertForgotten(hub);
        }
    }

    [Fact]
    public async Task A_client_that_names_a_hub_nobody_knows_waits_for_it_and_is_refused()
    {
        _node.AddClassicServer("app_app");

        var waiting = _node.BeginConnect(new FakePhysicalConnection(), Naming("app_late")).AsTask();
        var tooLate = _node.BeginConnect(new FakePhysicalConnection(), Naming("app_never")).AsTask();
        Assert.False(waiting.IsCompleted);
        _node.AddClassicServer("app_late");
        Assert.Equal(CloseReason.None, (await waiting.InTimeAsync()).Reason);

        _node.Time.Advance(_node.Options.WaitForServer);
        Assert.Equal(CloseReason.NoServerAvailable, (await tooLate.InTimeAsync()).Reason);
        Assert.False(_node.Hubs.TryGet("app_never", out _));
    }

    [Fact]
    public async Task A_drain_ends_the_wait_for_a_hub()
    {
        _node.AddClassicServer("app_app");
        var waiting = _node.BeginConnect(new FakePhysicalConnection(), Naming("app_never")).AsTask();

        _node.Clients.BeginDrain();

        Assert.Equal(CloseReason.Shutdown, (await waiting.InTimeAsync()).Reason);
    }

    [Fact]
    public async Task Data_that_is_taken_is_not_queued()
    {
        var app = _node.AddClassicServer("app_app");
        _node.AddClassicServer("app_chat");
        var taken = new List<string>();
        var client = await _node.ConnectClassicAsync(["app_chat"], taken: taken);

        _node.Messages.Route(app, new ConnectionDataMessage(client.Id, Text.Bytes("answer")));

        Assert.Equal(["answer"], taken);
        Assert.Equal(0, client.Physical.Queue.QueuedFrames);
    }

    [Fact]
    public async Task A_client_that_survives_its_app_server_keeps_its_groups_and_is_paired_anew()
    {
        var first = _node.AddClassicServer("app_app", "s1");
        _node.AddClassicServer("app_chat");
        var client = await _node.ConnectClassicAsync(["app_chat"]);
        _node.Messages.Route(first, new JoinGroupMessage(client.Id, "hg-Chat.room"));

        _node.Lose(first);

        Assert.Equal(1, client.Physical.LostServers);
        Assert.Empty(client.Physical.Ends);
        Assert.False(await client.SendAsync("into the void"));

        var second = _node.AddClassicServer("app_app", "s2");
        _node.Messages.Route(second, new GroupBroadcastDataMessage("hg-Chat.room", [], Text.Payloads("meanwhile"), []));
        Assert.Equal(CloseReason.None, await _node.Clients.PairAgainAsync(client.Connection, CancellationToken.None).InTimeAsync());

        Assert.Equal(client.Id, Assert.Single(second.All<OpenConnectionMessage>()).ConnectionId);
        Assert.True(await client.SendAsync("hello"));
        Assert.Equal("hello", Text.Of(Assert.Single(second.All<ConnectionDataMessage>()).Payload));
        Assert.Equal(["meanwhile"], await client.TakeAsync());
        Assert.Equal(CloseReason.None, await _node.Clients.PairAgainAsync(client.Connection, CancellationToken.None).InTimeAsync());
        Assert.Single(second.All<OpenConnectionMessage>());

        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);
        Assert.Equal(client.Id, Assert.Single(second.All<CloseConnectionMessage>()).ConnectionId);
        _node.AssertForgotten("app_app");
    }

    [Fact]
    public async Task A_client_that_finds_no_app_server_goes_on_without()
    {
        var first = _node.AddClassicServer("app_app");
        _node.AddClassicServer("app_chat");
        var client = await _node.ConnectClassicAsync(["app_chat"]);
        _node.Lose(first);

        var waiting = _node.Clients.PairAgainAsync(client.Connection, CancellationToken.None).AsTask();
        _node.Time.Advance(_node.Options.WaitForServer);

        Assert.Equal(CloseReason.NoServerAvailable, await waiting.InTimeAsync());
        Assert.False(client.Connection.IsClosed);
        Assert.Equal(1, _node.Clients.Count);

        _node.Clients.Disconnect(client.Connection, CloseReason.TransportFailed);
        Assert.Equal(CloseReason.ClientClosed, await _node.Clients.PairAgainAsync(client.Connection, CancellationToken.None).InTimeAsync());
        _node.AssertForgotten("app_app");
    }

    public void Dispose() => _node.Dispose();

    private ClientDescriptor Naming(string hub) =>
        new() { ConnectionId = _node.Ids.NewConnectionId(), Hub = "app_app", MemberHubs = [hub], Encoder = TestEncoders.Classic, Transport = "webSockets" };
}
