using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>Joining and leaving, and what is answered.</summary>
public class MembershipTests : IDisposable
{
    private readonly TestNode _node = new(options =>
    {
        options.MaxGroupsPerConnection = 3;
        options.MaxGroupsPerUser = 100;
        options.MaxUserGroups = 150;
    });

    private readonly FakeServerConnection _server;

    public MembershipTests()
    {
        _server = _node.AddServer();
    }

    [Fact]
    public async Task Joining_and_leaving_with_and_without_ack()
    {
        var client = await _node.ConnectAsync();

        Assert.Equal(AckStatus.Ok, Ask(id => new JoinGroupMessage(client.Id, "a", id)));
        Assert.Equal(AckStatus.Ok, Ask(id => new JoinGroupMessage(client.Id, "a", id)));
        Route(new JoinGroupMessage(client.Id, "b"));
        await SeesAsync(client, "a", "b");

        Assert.Equal(AckStatus.Ok, Ask(id => new LeaveGroupMessage(client.Id, "a", id)));
        Assert.Equal(AckStatus.Ok, Ask(id => new LeaveGroupMessage(client.Id, "a", id)));
        Route(new LeaveGroupMessage(client.Id, "b"));
        await SeesAsync(client);
        Assert.Equal(0, _node.Hub().Groups.Count);
    }

    [Fact]
    public async Task Leaving_without_a_name_is_leaving_all()
    {
        var client = await _node.ConnectAsync();
        Route(new JoinGroupMessage(client.Id, "a"));
        Route(new JoinGroupMessage(client.Id, "b"));

        Assert.Equal(AckStatus.Ok, Ask(id => new LeaveGroupMessage(client.Id, null, id)));

        await SeesAsync(client);
        Assert.Equal(0, _node.Hub().Groups.Count);
    }

    [Fact]
    public async Task Unknown_connections_are_not_found_and_neither_are_those_of_other_hubs()
    {
        var other = _node.AddServer(hub: "other");
        var client = await _node.ConnectAsync();

        Assert.Equal(AckStatus.NotFound, Ask(id => new JoinGroupMessage("nobody", "g", id)));
        Assert.Equal(AckStatus.NotFound, Ask(id => new LeaveGroupMessage("nobody", "g", id)));
        Assert.Equal(AckStatus.NotFound, Ask(id => new JoinGroupMessage(client.Id, "g", id), other));
        Assert.Equal(AckStatus.NotFound, Ask(id => new LeaveGroupMessage(client.Id, "g", id), other));
        Route(new JoinGroupMessage("nobody", "g"));
        Assert.Equal(0, _node.Hub().Groups.Count);
        Assert.Equal(0, _node.Hub("other").Groups.Count);
    }

    [Fact]
    public async Task One_group_too_many_is_answered_with_an_error_that_names_the_limit()
    {
        var client = await _node.ConnectAsync();
        foreach (var group in new[] { "a", "b", "c" })
        {
            Route(new JoinGroupMessage(client.Id, group));
        }

        Assert.Equal(AckStatus.InternalServerError, Ask(id => new JoinGroupMessage(client.Id, "d", id)));
        Assert.Contains("MaxGroupsPerConnection", _server.All<AckMessage>().Last().Message, StringComparison.Ordinal);
        Assert.Equal(AckStatus.Ok, Ask(id => new JoinGroupMessage(client.Id, "a", id)));
        await SeesAsync(client, "a", "b", "c");
        Route(new LeaveGroupMessage(client.Id, "a"));
        Assert.Equal(AckStatus.Ok, Ask(id => new JoinGroupMessage(client.Id, "d", id)));
        await SeesAsync(client, "b", "c", "d");
        Assert.Equal(1, _node.Recorded.Sum("gateway.messages.dropped", "reason=group_limit"));
    }

    [Fact]
    public async Task A_client_can_be_put_into_a_group_before_its_handshake_is_answered()
    {
        var client = await _node.ConnectHeldAsync();

        Assert.Equal(AckStatus.Ok, Ask(id => new JoinGroupMessage(client.Id, "a", id)));
        Route(new GroupBroadcastDataMessage("a", [], Text.Payloads("early"), []));
        Route(new ConnectionDataMessage(client.Id, Text.Bytes("{}")));

        Assert.Equal(["{}", "early"], await client.TakeAsync());
    }

    [Fact]
    public async Task A_user_group_holds_for_every_connection_of_the_user_now_and_later()
    {
        var before = await _node.ConnectAsync(user: "u");
        var stranger = await _node.ConnectAsync(user: "v");

        Assert.Equal(AckStatus.Ok, Ask(id => new UserJoinGroupMessage("u", "a", null, id)));
        Route(new UserJoinGroupMessage("u", "b"));
        var after = await _node.ConnectAsync(user: "u");

        await SeesAsync(before, "a", "b");
        await SeesAsync(after, "a", "b");
        await SeesAsync(stranger);
        _node.Time.Advance(TimeSpan.FromDays(300));
        await SeesAsync(await _node.ConnectAsync(user: "u"), "a", "b");
    }

    [Fact]
    public async Task Leaving_a_user_group_takes_all_connections_out_however_they_came_in()
    {
        var (one, two) = (await _node.ConnectAsync(user: "u"), await _node.ConnectAsync(user: "u"));
        Route(new UserJoinGroupMessage("u", "a"));
        Route(new UserJoinGroupMessage("u", "b"));
        Route(new JoinGroupMessage(one.Id, "c"));

        Assert.Equal(AckStatus.Ok, Ask(id => new UserLeaveGroupMessage("u", "a", id)));
        await SeesAsync(one, "b", "c");
        await SeesAsync(await _node.ConnectAsync(user: "u"), "b");

        Route(new UserLeaveGroupMessage("u", null));
        await SeesAsync(one);
        await SeesAsync(two);
        await SeesAsync(await _node.ConnectAsync(user: "u"));
        Assert.Equal(0, _node.Hub().Groups.Count);
        Assert.Equal(AckStatus.Ok, Ask(id => new UserLeaveGroupMessage("nobody", null, id)));
    }

    [Fact]
    public async Task A_connection_that_comes_while_its_user_is_taken_out_of_a_group_is_not_left_in_it()
    {
        var member = await _node.ConnectAsync(user: "v");
        Route(new JoinGroupMessage(member.Id, "a"));
        Route(new UserJoinGroupMessage("u", "a"));
        Assert.True(_node.Hub().Groups.TryGet("a", out var members));
        var connecting = default(ValueTask<ConnectResult>);

        // The newcomer has read the groups of its user and stands before the first of them.
        HeldLock.Interleave(
            HeldLock.Of(members),
            () => connecting = _node.BeginConnect(new FakePhysicalConnection(), _node.Descriptor(user: "u")),
            () => Route(new UserLeaveGroupMessage("u", "a")));

        Assert.NotNull((await connecting.InTimeAsync()).Connection);
        Assert.Equal([member.Connection], members.Snapshot().ToArray());
    }

    [Fact]
    public async Task A_ttl_limits_future_connections_only()
    {
        var before = await _node.ConnectAsync(user: "u");
        Route(new UserJoinGroupMessage("u", "a", ttlSeconds: 10));

        _node.Time.Advance(TimeSpan.FromSeconds(9));
        await SeesAsync(await _node.ConnectAsync(user: "u"), "a");
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        await SeesAsync(await _node.ConnectAsync(user: "u"));
        await SeesAsync(before, "a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_ttl_of_nothing_is_for_the_connections_of_the_moment(int ttl)
    {
        var before = await _node.ConnectAsync(user: "u");

        Assert.Equal(AckStatus.Ok, Ask(id => new UserJoinGroupMessage("u", "a", ttl, id)));

        await SeesAsync(before, "a");
        await SeesAsync(await _node.ConnectAsync(user: "u"));
    }

    [Fact]
    public async Task Joining_again_renews()
    {
        Route(new UserJoinGroupMessage("u", "a", ttlSeconds: 10));
        _node.Time.Advance(TimeSpan.FromSeconds(9));
        Route(new UserJoinGroupMessage("u", "a", ttlSeconds: 10));
        _node.Time.Advance(TimeSpan.FromSeconds(9));

        await SeesAsync(await _node.ConnectAsync(user: "u"), "a");
    }

    [Fact]
    public void The_newest_hundred_groups_of_a_user_are_remembered()
    {
        for (var i = 0; i < 103; i++)
        {
            Assert.Equal(AckStatus.Ok, Ask(id => new UserJoinGroupMessage("u", $"g{i}", null, id)));
        }

        Assert.Equal([.. Enumerable.Range(3, 100).Select(i => $"g{i}")], _node.Hub().UserGroups.Get("u", _node.Time.GetUtcNow()));
    }

    [Fact]
    public void A_hub_full_of_user_groups_answers_with_an_error_until_some_have_expired()
    {
        for (var i = 0; i < 150; i++)
        {
            Route(new UserJoinGroupMessage($"u{i}", "g", ttlSeconds: 60));
        }

        Assert.Equal(AckStatus.InternalServerError, Ask(id => new UserJoinGroupMessage("new", "g", null, id)));
        Assert.Contains("MaxUserGroups", _server.All<AckMessage>().Last().Message, StringComparison.Ordinal);

        _node.Time.Advance(TimeSpan.FromSeconds(59));
        _node.Expiry.OnHeartbeat();
        Assert.Equal(AckStatus.InternalServerError, Ask(id => new UserJoinGroupMessage("new", "g", null, id)));
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        _node.Expiry.OnHeartbeat();
        Assert.Equal(AckStatus.Ok, Ask(id => new UserJoinGroupMessage("new", "g", null, id)));
    }

    [Fact]
    public async Task A_user_group_that_a_connection_has_no_room_for_is_answered_with_an_error()
    {
        var client = await _node.ConnectAsync(user: "u");
        foreach (var group in new[] { "a", "b", "c" })
        {
            Route(new JoinGroupMessage(client.Id, group));
        }

        Assert.Equal(AckStatus.InternalServerError, Ask(id => new UserJoinGroupMessage("u", "d", null, id)));
        await SeesAsync(client, "a", "b", "c");
    }

    [Fact]
    public async Task Checks_say_what_exists()
    {
        var client = await _node.ConnectAsync(user: "u");
        Route(new JoinGroupMessage(client.Id, "g"));
        Route(new UserJoinGroupMessage("absent", "g"));
        var other = _node.AddServer(hub: "other");

        Func<int, ServiceMessage>[] there =
        [
            id => new CheckConnectionExistenceMessage(client.Id, id), id => new CheckUserExistenceMessage("u", id),
            id => new CheckGroupExistenceMessage("g", id), id => new CheckUserInGroupMessage("u", "g", id), id => new CheckUserInGroupMessage("absent", "g", id),
        ];
        Func<int, ServiceMessage>[] missing =
        [
            id => new CheckConnectionExistenceMessage("nobody", id), id => new CheckUserExistenceMessage("absent", id),
            id => new CheckGroupExistenceMessage("G", id), id => new CheckUserInGroupMessage("u", "h", id), id => new CheckUserInGroupMessage("nobody", "g", id),
        ];

        Assert.All(there, check => Assert.Equal(AckStatus.Ok, Ask(check)));
        Assert.All(missing, check => Assert.Equal(AckStatus.NotFound, Ask(check)));
        Assert.All(there, check => Assert.Equal(AckStatus.NotFound, Ask(check, other)));

        _node.Clients.Disconnect(client.Connection, CloseReason.ClientClosed);
        Assert.All(there[..4], check => Assert.Equal(AckStatus.NotFound, Ask(check)));
    }

    [Fact]
    public async Task A_user_stays_in_a_group_by_its_connections_after_the_time_is_over()
    {
        await _node.ConnectAsync(user: "u");
        Route(new UserJoinGroupMessage("u", "g", ttlSeconds: 5));
        Route(new UserJoinGroupMessage("absent", "g", ttlSeconds: 5));
        _node.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(AckStatus.Ok, Ask(id => new CheckUserInGroupMessage("u", "g", id)));
        Assert.Equal(AckStatus.NotFound, Ask(id => new CheckUserInGroupMessage("absent", "g", id)));
    }

    public void Dispose() => _node.Dispose();

    private void Route(ServiceMessage message) => _node.Messages.Route(_server, message);

    /// <summary>The status of the one ack that answers a message.</summary>
    private AckStatus Ask(Func<int, ServiceMessage> message, FakeServerConnection? from = null)
    {
        var server = from ?? _server;
        var before = server.All<AckMessage>().Count();
        _node.Messages.Route(server, message(before + 100));
        var acks = server.All<AckMessage>().ToArray();
        Assert.Equal(before + 1, acks.Length);
        Assert.Equal(before + 100, acks[^1].AckId);
        return acks[^1].Status;
    }

    /// <summary>Asserts which of the groups a to d a client is in, by what it receives.</summary>
    private async Task SeesAsync(TestClient client, params string[] groups)
    {
        await client.TakeAsync();
        foreach (var group in new[] { "a", "b", "c", "d" })
        {
            Route(new GroupBroadcastDataMessage(group, [], Text.Payloads(group), []));
        }

        Assert.Equal(groups, await client.TakeAsync());
    }
}
