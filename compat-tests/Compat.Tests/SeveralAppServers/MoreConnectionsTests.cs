using Tandem.Compat.Tests.DotNet;

namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>A gateway with many clients on a server connection asks its app server for another.</summary>
public sealed class MoreConnectionsTests
{
    [Fact]
    public async Task An_app_server_opens_the_connections_it_is_asked_for_and_no_more_than_it_may()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        await using var gateway = new GatewayProcess();
        await gateway.StartAsync("--Tandem:Limits:ClientsPerServerConnection=1");
        await using var appServer = AppServerProcess.OfScenarios(
            gateway, "--Tandem:InitialHubServerConnectionCount=1", "--Tandem:MaxHubServerConnectionCount=2", "--Logging:LogLevel:Tandem=Debug");
        await appServer.StartAsync();
        await appServer.UntilHealthyAsync();
        var before = await gateway.CountServerConnectionsAsync();
        await using var stage = new DotNetStage(appServer.Url, Combinations.WebSockets, Combinations.Json);

        var ann = await stage.ConnectAsync();
        await gateway.UntilServerConnectionsAsync(before + 1);

        // Goes to the new connection, which has no client yet; then both have one, and the gateway asks again.
        var ben = await stage.ConnectAsync();
        Assert.Equal(5, await ben.InvokeAsync<int>("Add", 2, 3));
        await appServer.UntilLoggedAsync("the limit is reached");
        Assert.Equal(before + 1, await gateway.CountServerConnectionsAsync());

        var text = DotNetStage.Unique("all");
        await ann.InvokeAsync("SendToAll", text);
        await ben.SeesAsync(text);
        await ann.SeesAsync(text);
    }
}
