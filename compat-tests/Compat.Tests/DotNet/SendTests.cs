using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>
/// That somebody did not get a message is seen in order: what one client makes the hub send reaches each recipient in the
/// order of sending, so the message must be there before a later one that is for everybody.
/// </summary>
public sealed class SendTests(CompatStage compat)
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task A_broadcast_reaches_everybody(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var text = DotNetStage.Unique("hello");

        await ann.InvokeAsync("SendToAll", text);

        await ann.SeesAsync(text);
        await ben.SeesAsync(text);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Broadcasts_arrive_in_order(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        DotNetClient[] clients = [await stage.ConnectAsync(), await stage.ConnectAsync(), await stage.ConnectAsync()];
        var (all, own) = (DotNetStage.Unique("all"), DotNetStage.Unique("own"));
        var expected = Enumerable.Range(0, 200).Select(number => $"{number}");

        await clients[0].InvokeAsync("BurstToAll", all, 200);
        await clients[1].InvokeAsync("BurstToCaller", own, 200);

        foreach (var client in clients)
        {
            Assert.Equal(expected, await client.CountAsync($"Number {all}", 200));
        }

        Assert.Equal(expected, await clients[1].CountAsync($"Number {own}", 200));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Caller_and_others_are_told_apart(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var (mine, theirs, last) = (DotNetStage.Unique("mine"), DotNetStage.Unique("theirs"), DotNetStage.Unique("last"));

        await ann.InvokeAsync("SendToCaller", mine);
        await ann.InvokeAsync("SendToOthers", theirs);
        await SeeLastAsync(last, ann, ben);

        Assert.Equal([true, false], WhoHas(mine, ann, ben));
        Assert.Equal([false, true], WhoHas(theirs, ann, ben));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task An_excluded_client_gets_nothing(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben, eve) = (await stage.ConnectAsync(), await stage.ConnectAsync(), await stage.ConnectAsync());
        var (some, last) = (DotNetStage.Unique("some"), DotNetStage.Unique("last"));

        await ann.InvokeAsync("SendToAllExcept", new[] { eve.ConnectionId, ann.ConnectionId }, some);
        await SeeLastAsync(last, ann, ben, eve);

        Assert.Equal([false, true, false], WhoHas(some, ann, ben, eve));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Single_clients_are_addressed(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben, eve) = (await stage.ConnectAsync(), await stage.ConnectAsync(), await stage.ConnectAsync());
        var (one, two, last) = (DotNetStage.Unique("one"), DotNetStage.Unique("two"), DotNetStage.Unique("last"));

        await ann.InvokeAsync("SendToClient", ben.ConnectionId, one);
        await ann.InvokeAsync("SendToClients", new[] { ben.ConnectionId, eve.ConnectionId }, two);
        await ann.InvokeAsync("SendToClient", "nobody", one);
        await SeeLastAsync(last, ann, ben, eve);

        Assert.Equal([false, true, false], WhoHas(one, ann, ben, eve));
        Assert.Equal([false, true, true], WhoHas(two, ann, ben, eve));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_group_is_joined_and_left(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben, group) = (await stage.ConnectAsync(), await stage.ConnectAsync(), DotNetStage.Unique("group"));
        var (before, during, after) = (DotNetStage.Unique("before"), DotNetStage.Unique("during"), DotNetStage.Unique("after"));

        await ann.InvokeAsync("SendToGroup", group, before);
        await ben.InvokeAsync("JoinGroup", group);
        await ann.InvokeAsync("SendToGroup", group, during);
        await ben.SeesAsync(during);
        await ben.InvokeAsync("LeaveGroup", group);
        await ann.InvokeAsync("SendToGroup", group, after);
        await SeeLastAsync(DotNetStage.Unique("last"), ann, ben);

        Assert.Equal([false, false], WhoHas(before, ann, ben));
        Assert.Equal([false, true], WhoHas(during, ann, ben));
        Assert.Equal([false, false], WhoHas(after, ann, ben));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Who_joins_and_sends_at_once_gets_it(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (client, text) = (await stage.ConnectAsync(), DotNetStage.Unique("welcome"));

        await client.InvokeAsync("JoinGroupAndSend", DotNetStage.Unique("group"), text);

        await client.SeesAsync(text);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Group_members_are_excluded(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        DotNetClient[] clients = [await stage.ConnectAsync(), await stage.ConnectAsync(), await stage.ConnectAsync()];
        var (some, others, several) = (DotNetStage.Unique("some"), DotNetStage.Unique("others"), DotNetStage.Unique("several"));
        var (group, last) = (DotNetStage.Unique("group"), DotNetStage.Unique("last"));
        foreach (var client in clients)
        {
            await client.InvokeAsync("JoinGroup", group);
        }

        await clients[0].InvokeAsync("SendToGroupExcept", group, new[] { clients[2].ConnectionId }, some);
        await clients[0].InvokeAsync("SendToOthersInGroup", group, others);
        await clients[0].InvokeAsync("SendToGroups", new[] { group, "nobody is in here" }, several);
        await clients[0].InvokeAsync("SendToGroup", group, last);
        foreach (var client in clients)
        {
            await client.SeesAsync(last);
        }

        Assert.Equal([true, true, false], WhoHas(some, clients));
        Assert.Equal([false, true, true], WhoHas(others, clients));
        Assert.Equal([true, true, true], WhoHas(several, clients));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_user_is_addressed_on_all_connections(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben) = (DotNetStage.Unique("ann"), DotNetStage.Unique("ben"));
        Task<DotNetClient> ConnectAsync(string user) => stage.ConnectAsync($"compat?user={Uri.EscapeDataString(user)}");
        var (first, second, other) = (await ConnectAsync(ann), await ConnectAsync(ann), await ConnectAsync(ben));
        var (one, both) = (DotNetStage.Unique("one"), DotNetStage.Unique("both"));

        Assert.Equal(ann, await first.InvokeAsync<string>("WhoAmI"));
        await other.InvokeAsync("SendToUser", ann, one);
        await other.InvokeAsync("SendToUsers", new[] { ann, ben }, both);
        await SeeLastAsync(DotNetStage.Unique("last"), other, first, second);

        Assert.Equal([true, true, false], WhoHas(one, first, second, other));
        Assert.Equal([true, true, true], WhoHas(both, first, second, other));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task The_application_sends_from_outside_its_hubs(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var text = DotNetStage.Unique("announced");
        using var http = new HttpClient { Timeout = Deadlines.Step };

        using var response = await http.PostAsync(
            new Uri($"{compat.AppUrl}/announce?text={Uri.EscapeDataString(text)}"), content: null, TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        await ann.SeesAsync(text);
        await ben.SeesAsync(text);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_typed_hub_calls_its_clients(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (ann, ben) = (await stage.ConnectAsync("typed"), await stage.ConnectAsync("typed"));
        var text = DotNetStage.Unique("typed");
        ben.Connection.On("HowMany", () => 7);

        await ann.InvokeAsync("TellAll", text, 5);

        await ben.SeesAsync($"{text} 5", "Told");
        Assert.Equal(7, await ann.InvokeAsync<int>("AskHowMany", ben.ConnectionId));
    }

    private static async Task SeeLastAsync(string last, params DotNetClient[] clients)
    {
        await clients[0].InvokeAsync("SendToAll", last);
        foreach (var client in clients)
        {
            await client.SeesAsync(last);
        }
    }

    private static bool[] WhoHas(string text, params DotNetClient[] clients) => [.. clients.Select(client => client.Has(text))];
}
