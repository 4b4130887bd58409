namespace Tandem.Compat.Tests.Classic.DotNet;

public sealed class ClassicSendTests(ClassicStage stage) : ClassicDotNetTests(stage)
{
    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task All_others_except_and_caller_are_told_apart(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var clients = await stage.ConnectAsync(3);
        var (others, except, caller, last) = (
            ClassicDotNetStage.Unique("others"), ClassicDotNetStage.Unique("except"), ClassicDotNetStage.Unique("caller"), ClassicDotNetStage.Unique("last"));

        await clients[0].InvokeAsync("BroadcastOthers", others);
        await clients[0].InvokeAsync("BroadcastExcept", except, new[] { clients[0].Id, clients[2].Id });
        await clients[0].InvokeAsync("ToCaller", caller);
        await clients[0].InvokeAsync("Broadcast", last);
        await Task.WhenAll([clients[0].SeesAsync("caller", caller), .. clients.Select(client => client.SeesAsync("all", last))]);

        Assert.Equal([false, true, true], clients.Select(client => client.Has("others", others)));
        Assert.Equal([false, true, false], clients.Select(client => client.Has("except", except)));
        Assert.Equal([true, false, false], clients.Select(client => client.Has("caller", caller)));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Single_clients_and_users_are_addressed(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var (ann, ben, eve) = (await stage.ConnectAsync("ann"), await stage.ConnectAsync("ben"), await stage.ConnectAsync());
        var (one, two, user, users) = (
            ClassicDotNetStage.Unique("one"), ClassicDotNetStage.Unique("two"), ClassicDotNetStage.Unique("user"), ClassicDotNetStage.Unique("users"));

        await eve.InvokeAsync("ToConnection", ben.Id, one);
        await eve.InvokeAsync("ToConnections", new[] { ben.Id, eve.Id }, two);
        await eve.InvokeAsync("ToUser", "ben", user);
        await eve.InvokeAsync("ToUsers", new[] { "ann", "ben" }, users);
        await Task.WhenAll(
            ben.SeesAsync("client", one), ben.SeesAsync("clients", two), eve.SeesAsync("clients", two),
            ben.SeesAsync("user", user), ben.SeesAsync("users", users), ann.SeesAsync("users", users));

        Assert.Empty(ann.All("client").Concat(ann.All("clients")));
        Assert.False(ann.Has("user", user));
        Assert.Empty(eve.All("users"));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Groups_are_joined_addressed_and_left(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var (ann, ben) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var (one, two) = (ClassicDotNetStage.Unique("g|1,x\\y"), ClassicDotNetStage.Unique("two"));

        await ann.InvokeAsync("SendGroup", one, "before");
        await ben.InvokeAsync("JoinGroup", one);
        await ann.InvokeAsync("SendGroup", one, "during");
        await ben.SeesAsync($"group:{one}", "during");
        await ann.InvokeAsync("JoinGroup", one);
        await ben.InvokeAsync("JoinGroup", two);
        await ann.InvokeAsync("SendGroups", new[] { one, two }, "both");
        await ann.InvokeAsync("SendGroupOthers", one, "others");
        await ben.CountAsync("groups", 2);
        await ben.SeesAsync($"groupOthers:{one}", "others");
        await ben.InvokeAsync("LeaveGroup", one);
        await ann.InvokeAsync("SendGroup", one, "after");
        await ann.SeesAsync($"group:{one}", "after");
        await ann.InvokeAsync("ToConnection", ben.Id, "last");
        await ben.SeesAsync("client", "last");

        Assert.Equal(["during"], ben.All($"group:{one}"));
        Assert.Equal(["after"], ann.All($"group:{one}"));
        Assert.Equal(["both"], ann.All("groups"));
        Assert.Empty(ann.All($"groupOthers:{one}"));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task A_burst_arrives_in_order(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var clients = await stage.ConnectAsync(2);

        await Task.WhenAll(clients.Select(client => client.InvokeAsync("Burst", 200)));

        foreach (var client in clients)
        {
            Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{number}"), await client.CountAsync("item", 200));
        }
    }
}
