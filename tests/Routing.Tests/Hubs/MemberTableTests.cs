using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Hubs;

public class MemberTableTests
{
    [Fact]
    public void A_name_exists_as_long_as_it_has_a_member()
    {
        var table = new MemberTable();
        var (one, two) = (Members.New(), Members.New());
        table.Add("g", one);
        table.Add("g", two);
        table.Remove("g", one);
        Assert.True(table.TryGet("g", out var members));
        Assert.True(members.Contains(two));

        table.Remove("g", two);
        table.Remove("g", two);
        Assert.False(table.TryGet("g", out _));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Names_are_case_sensitive()
    {
        var table = new MemberTable();
        table.Add("Room", Members.New());

        Assert.False(table.TryGet("room", out _));
    }

    [Fact]
    public void A_retired_set_that_is_still_in_the_table_does_not_keep_a_newcomer_out()
    {
        var table = new MemberTable();
        table.Add("g", Members.New());
        Assert.True(table.TryGet("g", out var members));
        members.Retire();

        var newcomer = Members.New();
        table.Add("g", newcomer);

        Assert.True(table.TryGet("g", out var fresh));
        Assert.True(fresh.Contains(newcomer));
    }

    [Fact]
    public async Task Joining_and_leaving_at_once_loses_no_member_and_leaves_nothing_behind()
    {
        var table = new MemberTable();
        var workers = Enumerable.Range(0, 4).Select(_ => Work.Run(() =>
        {
            var members = Members.New(20);
            for (var round = 0; round < 300; round++)
            {
                foreach (var member in members)
                {
                    table.Add("g", member);
                    Assert.True(table.TryGet("g", out var set) && set.Contains(member), "A member got lost.");
                }

                foreach (var member in members)
                {
                    table.Remove("g", member);
                }
            }
        }));

        await Task.WhenAll(workers).InTimeAsync();

        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void A_connection_that_joins_on_one_server_connection_in_the_middle_of_leaving_on_another_is_cleaned_up_when_it_ends()
    {
        var hub = new HubState("chat", new RoutingOptions());
        var connection = Members.New(hub);
        Assert.True(hub.TryJoin(connection, "g", 10));

        HeldLock.Interleave(HeldLock.Of(connection), () => hub.Leave(connection, "g"), () => Assert.True(hub.TryJoin(connection, "g", 10)));
        End(hub, connection);

        Assert.Equal(0, hub.Groups.Count);
    }

    [Fact]
    public async Task A_connection_that_joins_and_leaves_on_two_server_connections_at_once_is_cleaned_up_when_it_ends()
    {
        for (var round = 0; round < 300; round++)
        {
            var hub = new HubState("chat", new RoutingOptions());
            var connection = Members.New(hub);
            using var start = new Barrier(2);
            var joins = Work.Run(() => Repeat(start, () => hub.TryJoin(connection, "g", 10)));
            var leaves = Work.Run(() => Repeat(start, () => hub.Leave(connection, "g")));
            await Task.WhenAll(joins, leaves).InTimeAsync();

            End(hub, connection);

            Assert.Equal(0, hub.Groups.Count);
        }
    }

    [Fact]
    public async Task A_connection_that_ends_while_it_joins_is_in_no_group_afterwards()
    {
        for (var round = 0; round < 300; round++)
        {
            var hub = new HubState("chat", new RoutingOptions());
            var connection = Members.New(hub);
            using var start = new Barrier(2);
            var joins = Work.Run(() =>
            {
                start.Together();
                for (var i = 0; i < 20; i++)
                {
                    hub.TryJoin(connection, $"g{i}", 100);
                }
            });
            var ends = Work.Run(() =>
            {
                start.Together();
                End(hub, connection);
            });
            await Task.WhenAll(joins, ends).InTimeAsync();

            Assert.Equal(0, hub.Groups.Count);
            Assert.False(hub.TryJoin(connection, "late", 100));
            Assert.Equal(0, hub.Groups.Count);
        }
    }

    private static void Repeat(Barrier start, Action action)
    {
        start.Together();
        for (var i = 0; i < 50; i++)
        {
            action();
        }
    }

    private static void End(HubState hub, ClientConnection connection)
    {
        connection.TryClose(out var groups);
        foreach (var (_, group) in groups)
        {
            hub.Groups.Remove(group, connection);
        }
    }
}
