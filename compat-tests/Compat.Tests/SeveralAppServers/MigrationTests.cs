using Tandem.Compat.Tests.DotNet;

namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>One of two app servers is shut down, as in a rolling update, and its clients do not notice.</summary>
public sealed class MigrationTests(TwoAppServers servers) : IClassFixture<TwoAppServers>
{
    [Fact]
    public async Task Clients_move_to_another_app_server_when_theirs_shuts_down()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        var first = servers.A.ProcessId;
        await using var stages = new StageList(servers.A.Url, Combinations.All);
        await using var other = new DotNetStage(servers.B.Url, Combinations.WebSockets, Combinations.Json);
        var ben = await other.ConnectAsync();
        var group = DotNetStage.Unique("group");
        List<(DotNetClient Client, string Id)> moving = [];
        foreach (var client in await stages.ConnectAllAsync())
        {
            await client.InvokeAsync("JoinGroup", group);
            Assert.Equal(first, await client.InvokeAsync<int>("GetProcessId"));
            moving.Add((client, client.ConnectionId));
        }

        await servers.A.BeginShutdownAsync();
        Assert.Equal(0, await servers.A.WaitForExitAsync());

        var text = DotNetStage.Unique("still together");
        await ben.InvokeAsync("SendToGroup", group, text);
        foreach (var (client, id) in moving)
        {
            await client.SeesAsync(text);
            Assert.Equal(servers.B.ProcessId, await client.InvokeAsync<int>("GetProcessId"));
            Assert.Equal(id, client.ConnectionId);
            Assert.Empty(client.All("Reconnecting"));
            List<int> items = [];
            await client.StreamAsync(items, "Count", 3);
            Assert.Equal([0, 1, 2], items);
        }
    }
}
