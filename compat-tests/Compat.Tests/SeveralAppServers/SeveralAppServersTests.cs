using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>One hub, two app servers: what one sends reaches the clients of the other, and a client outlives the process that served it.</summary>
public sealed class SeveralAppServersTests
{
    [Fact(SkipWhen = nameof(IsSelfHosted), Skip = "There is no gateway in this run (COMPAT_SELF_HOSTED=1).")]
    public async Task Clients_of_two_app_servers_are_in_one_hub()
    {
        await using var servers = await TwoAppServers.StartAsync();
        var first = await servers.ConnectAsync(servers.First, Combinations.WebSockets, Combinations.Json);
        var second = await servers.ConnectAsync(servers.Second, Combinations.LongPolling, Combinations.MessagePack);
        Assert.NotEqual(await first.InvokeAsync<int>("GetProcessId"), await second.InvokeAsync<int>("GetProcessId"));

        await first.InvokeAsync("SendToAll", "to all");
        await second.SeesAsync("to all");
        await second.InvokeAsync("SendToClient", first.ConnectionId, "to one");
        await first.SeesAsync("to one");
        await second.InvokeAsync("JoinGroup", "both");
        await first.InvokeAsync("JoinGroup", "both");
        await first.InvokeAsync("SendToOthersInGroup", "both", "to the group");
        await second.SeesAsync("to the group");

        Assert.False(first.Has("to the group"));
    }

    [Fact(SkipWhen = nameof(IsSelfHosted), Skip = "There is no gateway in this run (COMPAT_SELF_HOSTED=1).")]
    public async Task A_client_of_one_app_server_answers_the_other()
    {
        await using var servers = await TwoAppServers.StartAsync();
        var asking = await servers.ConnectAsync(servers.First, Combinations.WebSockets, Combinations.Json);
        var asked = await servers.ConnectAsync(servers.Second, Combinations.WebSockets, Combinations.MessagePack);
        asked.Connection.On<string, string>("Question", question => $"{question} Yes.");

        Assert.Equal("answer: Through the gateway? Yes.", await asking.InvokeAsync<string>("Ask", asked.ConnectionId, "Through the gateway?"));

        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Connection.Remove("Question");
        asked.Connection.On<string, string>("Question", async _ =>
        {
            received.SetResult();
            await asked.Connection.StopAsync();
            return "too late";
        });
        var answer = asking.InvokeAsync<string>("Ask", asked.ConnectionId, "Still there?");
        await received.Task.Within("the question");

        Assert.StartsWith("error: ", await answer, StringComparison.Ordinal);
    }

    [Theory(SkipWhen = nameof(IsSelfHosted), Skip = "There is no gateway in this run (COMPAT_SELF_HOSTED=1).")]
    [ClassData(typeof(Combinations))]
    public async Task A_client_moves_to_the_other_app_server_and_notices_nothing(string transport, string protocol)
    {
        await using var servers = await TwoAppServers.StartAsync();
        var client = await servers.ConnectAsync(servers.First, transport, protocol);
        var (id, processId) = (client.ConnectionId, await client.InvokeAsync<int>("GetProcessId"));
        await client.InvokeAsync("JoinGroup", "movers");
        var other = await servers.ConnectAsync(servers.Second, Combinations.WebSockets, Combinations.Json);

        await servers.First.BeginShutdownAsync();
        Assert.Equal(0, await servers.First.WaitForExitAsync().Within("the exit of the first app server", Deadlines.Process));

        Assert.NotEqual(processId, await client.InvokeAsync<int>("GetProcessId"));
        Assert.Equal(id, client.ConnectionId);
        Assert.Equal(HubConnectionState.Connected, client.Connection.State);
        await other.InvokeAsync("SendToGroup", "movers", "still a member");
        await client.SeesAsync("still a member");
        Assert.Empty(client.All("Reconnecting"));
    }

    public static bool IsSelfHosted => !CompatStage.ThroughGateway;
}
