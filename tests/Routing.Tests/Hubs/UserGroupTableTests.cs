using Tandem.Routing.Hubs;

namespace Tandem.Routing.Tests.Hubs;

public class UserGroupTableTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly UserGroupTable _table = new(new RoutingOptions { MaxGroupsPerUser = 3, MaxUserGroups = 5 });

    [Fact]
    public void Groups_are_remembered_until_they_are_removed()
    {
        Assert.True(_table.TryAdd("u", "a", null, Now));
        Assert.True(_table.TryAdd("u", "b", null, Now));
        Assert.Equal(["a", "b"], _table.Get("u", Now));
        Assert.True(_table.Contains("u", "a", Now));
        Assert.False(_table.Contains("v", "a", Now));

        _table.Remove("u", "a");
        Assert.Equal(["b"], _table.Get("u", Now));
        _table.Remove("u", null);
        Assert.Empty(_table.Get("u", Now));
        _table.Remove("u", null);
    }

    [Fact]
    public void A_group_ends_when_its_time_is_over_and_adding_it_again_renews_it()
    {
        _table.TryAdd("u", "a", Now.AddSeconds(10), Now);
        _table.TryAdd("u", "a", Now.AddSeconds(20), Now);

        Assert.Equal(["a"], _table.Get("u", Now.AddSeconds(19)));
        Assert.Empty(_table.Get("u", Now.AddSeconds(20)));
        Assert.False(_table.Contains("u", "a", Now.AddSeconds(20)));
    }

    [Fact]
    public void The_oldest_group_of_a_user_goes_when_there_are_too_many()
    {
        foreach (var group in new[] { "a", "b", "c", "a", "d" })
        {
            Assert.True(_table.TryAdd("u", group, null, Now));
        }

        Assert.Equal(["c", "a", "d"], _table.Get("u", Now));
    }

    [Fact]
    public void An_expired_group_goes_before_one_that_still_holds()
    {
        _table.TryAdd("u", "a", null, Now);
        _table.TryAdd("u", "b", Now.AddSeconds(1), Now);
        _table.TryAdd("u", "c", null, Now);

        _table.TryAdd("u", "d", null, Now.AddSeconds(1));

        Assert.Equal(["a", "c", "d"], _table.Get("u", Now.AddSeconds(1)));
    }

    [Fact]
    public void A_full_hub_refuses_new_groups_but_not_old_ones_and_not_the_exchange_of_one_for_another()
    {
        foreach (var (user, group) in new[] { ("u", "a"), ("u", "b"), ("u", "c"), ("v", "a"), ("v", "b") })
        {
            Assert.True(_table.TryAdd(user, group, null, Now));
        }

        Assert.False(_table.TryAdd("w", "a", null, Now));
        Assert.False(_table.TryAdd("v", "c", null, Now));
        Assert.True(_table.TryAdd("v", "b", null, Now));
        Assert.True(_table.TryAdd("u", "d", null, Now));
        Assert.Equal(["b", "c", "d"], _table.Get("u", Now));
        Assert.Equal(["a", "b"], _table.Get("v", Now));
        Assert.Empty(_table.Get("w", Now));
    }

    [Fact]
    public void Expiry_makes_room()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True(_table.TryAdd($"u{i}", "a", Now.AddSeconds(i), Now.AddSeconds(-1)));
        }

        Assert.False(_table.TryAdd("v", "a", null, Now.AddSeconds(-1)));
        _table.RemoveExpired(Now.AddSeconds(1));
        Assert.True(_table.TryAdd("v", "a", null, Now));
        Assert.True(_table.TryAdd("w", "a", null, Now));
        Assert.False(_table.TryAdd("x", "a", null, Now));
    }
}
