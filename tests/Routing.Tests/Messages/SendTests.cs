using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>Who gets what an app server sends.</summary>
public class SendTests : IDisposable
{
    private readonly TestNode _node = new();
    private readonly FakeServerConnection _server;

    public SendTests()
    {
        _server = _node.AddServer();
    }

    [Fact]
    public async Task Connection_data_reaches_its_client()
    {
        var (one, two) = (await _node.ConnectAsync(), await _node.ConnectAsync());

        Route(new ConnectionDataMessage(one.Id, Text.Bytes("a")));
        _node.Messages.RouteConnectionData(_server, Text.Bytes(one.Id), Text.Bytes("b"));

        Assert.Equal(["a", "b"], await one.TakeAsync());
        Assert.Empty(await two.TakeAsync());
    }

    [Fact]
    public async Task The_fast_path_keeps_no_reference_to_the_receive_buffer()
    {
        var client = await _node.ConnectAsync();
        var buffer = Text.Bytes("payload");

        _node.Messages.RouteConnectionData(_server, Text.Bytes(client.Id), buffer);
        buffer.AsSpan().Clear();

        Assert.Equal(["payload"], await client.TakeAsync());
    }

    [Fact]
    public async Task The_first_data_of_the_serving_app_server_opens_the_client_on_either_path()
    {
        var slow = await _node.ConnectHeldAsync();
        var fast = await _node.ConnectHeldAsync();
        Route(new BroadcastDataMessage([], Text.Payloads("all")));
        Assert.Empty(await slow.TakeAsync());

        Route(new ConnectionDataMessage(slow.Id, Text.Bytes("{}")));
        _node.Messages.RouteConnectionData(_server, Text.Bytes(fast.Id), Text.Bytes("{}"));

        Assert.Equal(["{}", "all"], await slow.TakeAsync());
        Assert.Equal(["{}", "all"], await fast.TakeAsync());
    }

    [Fact]
    public async Task Data_from_a_server_connection_that_does_not_serve_the_client_does_not_open_it()
    {
        var client = await _node.ConnectHeldAsync();
        var other = _node.AddServer("s2");

        _node.Messages.Route(other, new ConnectionDataMessage(client.Id, Text.Bytes("early")));
        _node.Messages.Route(_node.AddWeakServer(), new MultiConnectionDataMessage([client.Id], Text.Payloads("earlier")));
        Assert.Empty(await client.TakeAsync());
        Route(new ConnectionDataMessage(client.Id, Text.Bytes("{}")));

        Assert.Equal(["{}", "early", "earlier"], await client.TakeAsync());
    }

    [Fact]
    public async Task Data_for_unknown_connections_vanishes_and_is_counted()
    {
        Route(new ConnectionDataMessage("nobody", Text.Bytes("a")));
        _node.Messages.RouteConnectionData(_server, Text.Bytes("nobody"), Text.Bytes("a"));
        var client = await _node.ConnectAsync();
        Route(new MultiConnectionDataMessage(["nobody", client.Id], Text.Payloads("b")));

        Assert.Equal(["b"], await client.TakeAsync());
        Assert.Equal(3, _node.Recorded.Sum("gateway.messages.dropped", "reason=unknown_connection"));
    }

    [Fact]
    public async Task Messages_to_connections_users_and_all_reach_them_and_no_one_else()
    {
        var anonymous = await _node.ConnectAsync();
        var ann1 = await _node.ConnectAsync(user: "ann");
        var ann2 = await _node.ConnectAsync(user: "ann");
        var bob = await _node.ConnectAsync(user: "bob");
        var capital = await _node.ConnectAsync(user: "Ann");

        Route(new MultiConnectionDataMessage([ann1.Id, anonymous.Id], Text.Payloads("connections")));
        Route(new UserDataMessage("ann", Text.Payloads("user")));
        Route(new MultiUserDataMessage(["ann", "bob", "nobody"], Text.Payloads("users")));
        Route(new BroadcastDataMessage([bob.Id], Text.Payloads("all")));

        Assert.Equal(["connections", "all"], await anonymous.TakeAsync());
        Assert.Equal(["connections", "user", "users", "all"], await ann1.TakeAsync());
        Assert.Equal(["user", "users", "all"], await ann2.TakeAsync());
        Assert.Equal(["users"], await bob.TakeAsync());
        Assert.Equal(["all"], await capital.TakeAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Short_and_long_lists_of_excluded_connections_and_users_are_honoured(int padding)
    {
        var clients = new List<TestClient>();
        foreach (var user in new[] { null, "ann", "bob", "cid" })
        {
            var client = await _node.ConnectAsync(user: user);
            Route(new JoinGroupMessage(client.Id, "g"));
            clients.Add(client);
        }

        string[] Pad(params string[] names) => [.. Enumerable.Range(0, padding).Select(i => $"x{i}"), .. names];
        Route(new BroadcastDataMessage(Pad(clients[0].Id), Text.Payloads("all")));
        Route(new GroupBroadcastDataMessage("g", Pad(clients[1].Id), Text.Payloads("group"), Pad("bob")));

        Assert.Equal(["group"], await clients[0].TakeAsync());
        Assert.Equal(["all"], await clients[1].TakeAsync());
        Assert.Equal(["all"], await clients[2].TakeAsync());
        Assert.Equal(["all", "group"], await clients[3].TakeAsync());
    }

    [Fact]
    public async Task A_member_of_two_of_the_groups_gets_a_message_to_both_twice()
    {
        var (one, two) = (await _node.ConnectAsync(), await _node.ConnectAsync());
        foreach (var (id, group) in new[] { (one.Id, "a"), (one.Id, "b"), (two.Id, "b") })
        {
            Route(new JoinGroupMessage(id, group));
        }

        Route(new MultiGroupBroadcastDataMessage(["a", "b", "nobody"], Text.Payloads("groups")));

        Assert.Equal(["groups", "groups"], await one.TakeAsync());
        Assert.Equal(["groups"], await two.TakeAsync());
    }

    [Fact]
    public async Task Everything_is_scoped_to_the_hub_of_the_server_connection()
    {
        var chat = await _node.ConnectAsync(user: "u");
        Route(new JoinGroupMessage(chat.Id, "g"));
        var stranger = _node.AddServer("s1", hub: "other");

        foreach (var message in EveryKindOfSend(chat.Id))
        {
            _node.Messages.Route(stranger, message);
        }

        _node.Messages.RouteConnectionData(stranger, Text.Bytes(chat.Id), Text.Bytes("x"));
        Assert.Empty(await chat.TakeAsync());
        Assert.Empty(chat.Physical.Ends);

        foreach (var message in EveryKindOfSend(chat.Id))
        {
            Route(message);
        }

        Assert.Equal(7, (await chat.TakeAsync()).Length);
    }

    [Fact]
    public async Task Recipients_of_one_encoder_share_the_same_bytes()
    {
        var json = new[] { await _node.ConnectAsync(), await _node.ConnectAsync() };
        var wrapped = new[] { await _node.ConnectAsync(encoder: TestEncoders.Wrapped), await _node.ConnectAsync(encoder: TestEncoders.Wrapped) };
        var payload = Text.Bytes("all");

        Route(new BroadcastDataMessage([], new ServicePayloads(new ServicePayload("json", payload))));

        var plain = await Task.WhenAll(json.Select(client => client.Physical.TakeMemoryAsync()));
        Assert.All(plain, frames => Assert.True(Assert.Single(frames).Equals(new ReadOnlyMemory<byte>(payload))));
        var framed = await Task.WhenAll(wrapped.Select(client => client.Physical.TakeMemoryAsync()));
        Assert.Equal("<all>", Text.Of(framed[0][0]));
        Assert.True(framed[0][0].Equals(framed[1][0]));
    }

    [Fact]
    public async Task Everyone_gets_the_message_in_their_own_hub_protocol()
    {
        var json = await _node.ConnectAsync();
        var messagePack = await _node.ConnectAsync(encoder: TestEncoders.MessagePack);

        Route(new BroadcastDataMessage([], new ServicePayloads(new ServicePayload("MessagePack", Text.Bytes("M")), new ServicePayload("json", Text.Bytes("J")))));

        Assert.Equal(["J"], await json.TakeAsync());
        Assert.Equal(["M"], await messagePack.TakeAsync());
    }

    [Fact]
    public async Task A_hub_protocol_that_the_app_server_left_out_is_counted_and_said_once()
    {
        var json = await _node.ConnectAsync();
        var messagePack = await _node.ConnectAsync(encoder: TestEncoders.MessagePack);

        Route(new BroadcastDataMessage([], Text.Payloads("a")));
        Route(new BroadcastDataMessage([], default));

        Assert.Equal(["a"], await json.TakeAsync());
        Assert.Empty(await messagePack.TakeAsync());
        Assert.Equal(3, _node.Recorded.Sum("gateway.messages.dropped", "reason=protocol_missing"));
        Assert.Equal(["ProtocolMissing"], _node.Log.Alarms);
    }

    [Fact]
    public async Task A_slow_consumer_is_disconnected_and_no_one_else_notices()
    {
        var options = new OutboundQueueOptions { MaxQueuedBytes = 1024 };
        var slow = await _node.ConnectAsync(user: "u", queue: options);
        var fast = await _node.ConnectAsync(user: "u", queue: options);
        var expected = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            Route(new BroadcastDataMessage([], Text.Payloads($"{i:D100}")));
            expected.Add($"{i:D100}");
            Assert.Equal([expected[^1]], await fast.TakeAsync());
        }

        Assert.Equal((CloseReason.SlowConsumer, null), Assert.Single(slow.Physical.Ends));
        Assert.Equal(CloseReason.SlowConsumer.Describe(), Assert.Single(_server.All<CloseConnectionMessage>()).Error);
        Assert.Empty(fast.Physical.Ends);
        Assert.Equal(1, _node.Recorded.Sum("gateway.slow_consumers"));
        Assert.Equal(["SlowConsumer"], _node.Log.Alarms);
        Assert.Equal(1, _node.Clients.Count);

        // What it had been given before is a run without a gap.
        var given = await slow.TakeAsync();
        Assert.Equal(expected[..given.Length], given);
    }

    [Fact]
    public async Task A_message_that_could_not_be_read_ends_the_connection_it_was_for()
    {
        var client = await _node.ConnectAsync();

        _node.Messages.RouteOversized(_server, null);
        _node.Messages.RouteOversized(_server, "nobody");
        _node.Messages.RouteOversized(_node.AddServer(hub: "other"), client.Id);
        Assert.Empty(client.Physical.Ends);
        _node.Messages.RouteOversized(_server, client.Id);

        Assert.Equal(CloseReason.MessageTooLarge, Assert.Single(client.Physical.Ends).Reason);
        Assert.Equal(4, _node.Recorded.Sum("gateway.messages.dropped", "reason=too_large"));
    }

    [Fact]
    public void Types_that_are_unknown_or_not_for_the_gateway_are_skipped_and_counted()
    {
        ServiceMessage[] messages =
        [
            new UnknownMessage(99), new AckMessage(1, AckStatus.Ok, null), new HandshakeResponseMessage(null, "c"), new ServiceErrorMessage("e"),
            new OpenConnectionMessage("c", [], [], string.Empty, "json"), new ServiceMappingMessage("i", "c", "n"), new ErrorCompletionMessage("i", "c", "s", "e"),
            new ServiceEventMessage(1, "c", 2, null), new AccessKeyResponseMessage("k", "s", null, null), new ConnectionReconnectMessage("c"),
        ];

        foreach (var message in messages)
        {
            Route(message);
        }

        Assert.Equal(messages.Length, _node.Recorded.Sum("gateway.messages.unknown"));
        Assert.Equal(["UnknownMessage"], _node.Log.Alarms);
        Assert.Empty(_server.Written);
    }

    [Fact]
    public void A_request_for_a_cloud_key_is_answered_with_an_error()
    {
        Route(new AccessKeyRequestMessage("token", "kid"));

        var response = Assert.IsType<AccessKeyResponseMessage>(Assert.Single(_server.Written));
        Assert.False(string.IsNullOrEmpty(response.ErrorType));
    }

    public void Dispose() => _node.Dispose();

    private static ServiceMessage[] EveryKindOfSend(string id) =>
    [
        new ConnectionDataMessage(id, Text.Bytes("x")), new MultiConnectionDataMessage([id], Text.Payloads("x")),
        new UserDataMessage("u", Text.Payloads("x")), new MultiUserDataMessage(["u"], Text.Payloads("x")),
        new BroadcastDataMessage([], Text.Payloads("x")), new GroupBroadcastDataMessage("g", [], Text.Payloads("x"), []),
        new MultiGroupBroadcastDataMessage(["g"], Text.Payloads("x")),
    ];

    private void Route(ServiceMessage message) => _node.Messages.Route(_server, message);
}
