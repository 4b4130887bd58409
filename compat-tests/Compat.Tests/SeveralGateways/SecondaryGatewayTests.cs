using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Tandem.Compat.Tests.DotNet;
using Tandem.Compat.Tests.Negotiation;

namespace Tandem.Compat.Tests.SeveralGateways;

/// <summary>A gateway dies, another one takes its place, and it comes back.</summary>
public sealed class SecondaryGatewayTests(TwoGateways gateways) : IClassFixture<TwoGateways>
{
    [Fact]
    public async Task Clients_go_to_the_second_gateway_while_the_first_is_away_and_messages_reach_both()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        await using var stage = new DotNetStage(gateways.AppServer.Url, Combinations.WebSockets, Combinations.Json);
        await using var otherStage = new DotNetStage(gateways.AppServer.Url, Combinations.LongPolling, Combinations.MessagePack);
        var group = DotNetStage.Unique("group");

        var ann = await ConnectAsync(stage, gateways.Primary);
        await gateways.Primary.KillAsync();
        await ann.ClosedAsync();
        await UntilClientsAreSentToAsync(gateways.Secondary);

        var ben = await ConnectAsync(otherStage, gateways.Secondary, "compat?user=ben");
        await ben.InvokeAsync("JoinGroup", group);
        await AssertAllSeeAsync(ben, "SendToGroup", group, ben);

        await gateways.Primary.StartAsync();
        await gateways.AppServer.UntilHealthyAsync();
        await UntilClientsAreSentToAsync(gateways.Primary);

        var cleo = await ConnectAsync(stage, gateways.Primary, "compat?user=cleo");
        await cleo.InvokeAsync("JoinGroup", group);
        await AssertAllSeeAsync(cleo, "SendToGroup", group, ben, cleo);
        await AssertAllSeeAsync(ben, "SendToGroup", group, ben, cleo);
        await AssertAllSeeAsync(ben, "SendToAll", null, ben, cleo);
        await AssertAllSeeAsync(ben, "SendToUser", "cleo", cleo);
        await AssertAllSeeAsync(cleo, "SendToClient", ben.ConnectionId, ben);

        await ben.InvokeAsync("LeaveGroup", group);
        await AssertAllSeeAsync(ben, "SendToGroup", group, cleo);
        Assert.Equal(0, Duplicates(ben) + Duplicates(cleo));
    }

    private static async Task<DotNetClient> ConnectAsync(DotNetStage stage, GatewayProcess gateway, string hub = "compat")
    {
        using var routes = new Routes();
        var client = await stage.ConnectAsync(
            hub, build: builder => builder.ConfigureLogging(logging => logging.AddProvider(routes).SetMinimumLevel(LogLevel.Debug)));
        Assert.All(routes.Urls, url => Assert.Equal(new Uri(gateway.Url).Authority, url.Authority));
        Assert.NotEmpty(routes.Urls);
        return client;
    }

    private static async Task AssertAllSeeAsync(DotNetClient sender, string method, string? to, params DotNetClient[] receivers)
    {
        var text = DotNetStage.Unique(method);
        await sender.InvokeAsync(method, to is null ? [text] : [to, text]);
        foreach (var receiver in receivers)
        {
            await receiver.SeesAsync(text);
        }
    }

    private static int Duplicates(DotNetClient client) => client.All("Message").GroupBy(text => text).Count(group => group.Count() > 1);

    private Task UntilClientsAreSentToAsync(GatewayProcess gateway) => Polling.UntilAsync(
        $"clients sent to {gateway.Url}",
        async () => (await Redirect.OfAsync($"{gateways.AppServer.Url}/compat")).Url.Authority == new Uri(gateway.Url).Authority,
        deadline: Deadlines.Process);
}
