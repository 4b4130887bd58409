using Microsoft.AspNetCore.SignalR.Client;
using Tandem.Compat.Tests.DotNet;

namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>Two processes of one application are one hub to the clients: what the application needed a backplane for.</summary>
public sealed class SharedHubTests(TwoAppServers servers) : IClassFixture<TwoAppServers>
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_is_served_by_the_app_server_it_must_stay_with(string transport, string protocol)
    {
        await using var stages = await ConnectAsync(transport, protocol);

        Assert.Equal(servers.A.ProcessId, await stages.Ann.InvokeAsync<int>("GetProcessId"));
        Assert.Equal(servers.B.ProcessId, await stages.Ben.InvokeAsync<int>("GetProcessId"));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Messages_reach_the_clients_of_the_other(string transport, string protocol)
    {
        await using var stages = await ConnectAsync(transport, protocol);
        var (ann, ben, group) = (stages.Ann, stages.Ben, DotNetStage.Unique("group"));
        var (all, one) = (DotNetStage.Unique("all"), DotNetStage.Unique("one"));
        var (some, user) = (DotNetStage.Unique("some"), DotNetStage.Unique("user"));

        await ben.InvokeAsync("JoinGroup", group);
        await ann.InvokeAsync("SendToAll", all);
        await ann.InvokeAsync("SendToClient", ben.ConnectionId, one);
        await ann.InvokeAsync("SendToGroup", group, some);
        await ann.InvokeAsync("SendToUser", stages.BensName, user);

        foreach (var text in new[] { all, one, some, user })
        {
            await ben.SeesAsync(text);
        }

        await ann.SeesAsync(all);
        Assert.False(ann.Has(one) || ann.Has(some) || ann.Has(user));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_of_the_other_is_asked_and_answers(string transport, string protocol)
    {
        await using var stages = await ConnectAsync(transport, protocol);
        stages.Ben.Connection.On<string, string>("Question", question => $"{question} Fine.");

        var answer = await stages.Ann.InvokeAsync<string>("Ask", stages.Ben.ConnectionId, "How is it over there?");

        Assert.Equal("answer: How is it over there? Fine.", answer);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_of_the_other_that_leaves_owes_no_answer(string transport, string protocol)
    {
        await using var stages = await ConnectAsync(transport, protocol);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        stages.Ben.Connection.On<string, string>("Question", _ =>
        {
            heard.SetResult();
            return never.Task;
        });

        var answer = stages.Ann.InvokeAsync<string>("Ask", stages.Ben.ConnectionId, "Are you leaving?");
        await heard.Task.Within("the question");
        var stop = stages.Ben.StopAsync();

        Assert.StartsWith("error: ", await answer, StringComparison.Ordinal);
        never.SetResult("too late");
        await stop;
    }

    private async Task<Pair> ConnectAsync(string transport, string protocol)
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        var pair = new Pair(
            new DotNetStage(servers.A.Url, transport, protocol),
            new DotNetStage(servers.B.Url, Combinations.LongPolling, Combinations.MessagePack));
        await pair.ConnectAsync();
        return pair;
    }

    /// <summary>Ann is a client of A, Ben of B, and over another transport in another hub protocol.</summary>
    private sealed class Pair(DotNetStage a, DotNetStage b) : IAsyncDisposable
    {
        public string BensName { get; } = DotNetStage.Unique("ben");

        public DotNetClient Ann { get; private set; } = null!;

        public DotNetClient Ben { get; private set; } = null!;

        public async Task ConnectAsync()
        {
            Ann = await a.ConnectAsync();
            Ben = await b.ConnectAsync($"compat?user={Uri.EscapeDataString(BensName)}");
        }

        public async ValueTask DisposeAsync()
        {
            await a.DisposeAsync();
            await b.DisposeAsync();
        }
    }
}
