using CsCheck;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Hubs;

public class MemberSetTests
{
    private readonly MemberSet _set = new();

    [Fact]
    public void A_new_set_is_empty()
    {
        Assert.Equal(0, _set.Count);
        Assert.True(_set.Snapshot().IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void Members_are_found_in_small_and_large_sets(int count)
    {
        var members = Members.New(count);
        foreach (var member in members)
        {
            Assert.True(_set.TryAdd(member));
            Assert.True(_set.TryAdd(member));
        }

        Assert.Equal(count, _set.Count);
        Assert.All(members, member => Assert.True(_set.Contains(member)));
        Assert.False(_set.Contains(Members.New()));
        Assert.Equal(members.ToHashSet(), [.. _set.Snapshot()]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    public void A_snapshot_is_reused_until_the_members_change(int count)
    {
        foreach (var member in Members.New(count))
        {
            _set.TryAdd(member);
        }

        var first = _set.Snapshot();
        var again = _set.Snapshot();
        Assert.True(first == again);

        var newcomer = Members.New();
        _set.TryAdd(newcomer);
        Assert.Equal(count, first.Length);
        Assert.Equal(count + 1, _set.Snapshot().Length);

        var after = _set.Snapshot();
        _set.Remove(Members.New(), retireIfEmpty: true);
        _set.TryAdd(newcomer);
        Assert.True(after == _set.Snapshot());
    }

    [Fact]
    public void A_set_that_shrinks_becomes_small_again_and_keeps_its_members()
    {
        var members = Members.New(40);
        foreach (var member in members)
        {
            _set.TryAdd(member);
        }

        for (var i = 0; i < 37; i++)
        {
            Assert.False(_set.Remove(members[i], retireIfEmpty: true));
            Assert.Equal(members[(i + 1)..].ToHashSet(), [.. _set.Snapshot()]);
        }
    }

    [Fact]
    public void Removing_the_last_member_retires_the_set_only_when_asked_to()
    {
        var member = Members.New();
        _set.TryAdd(member);
        Assert.False(_set.Remove(member, retireIfEmpty: false));
        Assert.True(_set.TryAdd(member));
        Assert.True(_set.Remove(member, retireIfEmpty: true));
        Assert.False(_set.TryAdd(member));
        Assert.Equal(0, _set.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(50)]
    public void Retiring_returns_the_members_and_refuses_new_ones(int count)
    {
        var members = Members.New(count);
        foreach (var member in members)
        {
            _set.TryAdd(member);
        }

        Assert.Equal(members.ToHashSet(), [.. _set.Retire()]);
        Assert.Equal(0, _set.Count);
        Assert.True(_set.Snapshot().IsEmpty);
        Assert.False(_set.TryAdd(Members.New()));
        Assert.Empty(_set.Retire());
    }

    [Fact]
    public void A_set_behaves_like_a_set_whatever_is_done_to_it()
    {
        var pool = Members.New(40);
        Gen.Select(Gen.Bool, Gen.Int[0, pool.Length - 1]).Array[0, 200].Sample(
            steps =>
            {
                var set = new MemberSet();
                var model = new HashSet<ClientConnection>();
                foreach (var (adds, index) in steps)
                {
                    if (adds)
                    {
                        set.TryAdd(pool[index]);
                        model.Add(pool[index]);
                    }
                    else
                    {
                        set.Remove(pool[index], retireIfEmpty: false);
                        model.Remove(pool[index]);
                    }

                    Assert.Equal(model.Count, set.Count);
                    Assert.Equal(model.Contains(pool[0]), set.Contains(pool[0]));
                }

                Assert.Equal(model, [.. set.Snapshot()]);
            },
            iter: 300);
    }
}
