using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>The same application, built for .NET Framework and for .NET, as a process of its own.</summary>
public sealed class LegacyAppServerTests
{
    [Theory]
    [InlineData("net10.0")]
    [InlineData("net472")]
    public async Task It_does_everything_a_hub_can_do(string framework)
    {
        Assert.SkipWhen(LegacyProcess.Missing(framework) is not null, LegacyProcess.Missing(framework) ?? string.Empty);
        await using var gateway = await ScriptedGateway.StartAsync();
        using var app = await LegacyProcess.StartAsync(framework, gateway.ConnectionString);
        var server = await gateway.AcceptAsync(static connection => connection.Hub == "legacy_legacy");
        var client = await ScriptedClassicClient.OpenAsync(server, "c1", ["oracle", "SecondHub", "TypedHub"]);
        await app.OutputAsync("connected c1");
        Assert.Equal("connected", (await client.MessageAsync()).GetProperty("A")[0].GetString());

        await CallMethodsAsync(client);
        await SendMessagesAsync(gateway, client);
        await LiveAndLeaveAsync(app, client);
        Assert.Equal(0, await app.StopAsync());
    }

    [Theory]
    [InlineData("net10.0")]
    [InlineData("net472")]
    public async Task It_redirects_clients_and_serves_a_PersistentConnection(string framework)
    {
        Assert.SkipWhen(LegacyProcess.Missing(framework) is not null, LegacyProcess.Missing(framework) ?? string.Empty);
        await using var gateway = await ScriptedGateway.StartAsync();
        using var app = await LegacyProcess.StartAsync(framework, gateway.ConnectionString);
        var server = await gateway.AcceptAsync(static connection => connection.Hub == "legacy_legacy");
        using var http = new HttpClient { BaseAddress = new Uri(app.Url) };

        var answer = await http.GetStringAsync("/signalr/negotiate?clientProtocol=2.1&user=ann&connectionData=[{\"name\":\"lockedhub\"}]");
        Assert.StartsWith(
            gateway.Url + "/aspnetclient?user=ann&", JsonDocument.Parse(answer).RootElement.GetProperty("RedirectUrl").GetString(), StringComparison.Ordinal);
        Assert.Contains("proxies['oracle']", await http.GetStringAsync("/signalr/hubs"));

        var raw = await ScriptedClassicClient.OpenAsync(server, "r1", null, [new(ServiceClaims.Endpoint, "/legacy/raw")]);
        Assert.Equal("connected", (await raw.MessageAsync()).GetProperty("kind").GetString());
        await raw.SendAsync("hello");
        Assert.Equal("hello", (await raw.MessageAsync()).GetString());
        await raw.CloseAsync("lost");
        await app.OutputAsync("raw-disconnected r1 stopCalled=False");
    }

    private static async Task CallMethodsAsync(ScriptedClassicClient client)
    {
        Assert.Equal("ä€😀", (await client.InvokeAsync("oracle", "Echo", "ä€😀")).GetProperty("R").GetString());
        Assert.Equal(3, (await client.InvokeAsync("oracle", "Add", 1, 2)).GetProperty("R").GetInt32());
        Assert.Equal("two:a,b", (await client.InvokeAsync("oracle", "Optional", "a", "b")).GetProperty("R").GetString());
        Assert.Equal(20, (await client.InvokeAsync("oracle", "Later", 20)).GetProperty("R").GetInt32());
        Assert.Equal(200_000, (await client.InvokeAsync("oracle", "Big", 200_000)).GetProperty("R").GetString()!.Length);
        Assert.False((await client.InvokeAsync("oracle", "Null")).TryGetProperty("R", out _));
        Assert.Equal("There was an error invoking Hub method 'oracle.Throw'.", (await client.InvokeAsync("oracle", "Throw", "x")).GetProperty("E").GetString());
        Assert.Equal(42, (await client.InvokeAsync("oracle", "ThrowHubData", "x")).GetProperty("D").GetProperty("code").GetInt32());
        Assert.Equal("There was an error invoking Hub method 'oracle.Secret'.", (await client.InvokeAsync("oracle", "Secret")).GetProperty("E").GetString());
        Assert.Equal("c1", (await client.InvokeAsync("oracle", "WhoAmI")).GetProperty("R").GetProperty("id").GetString());

        await client.SendAsync("""{"H":"oracle","M":"State","A":[],"I":"s","S":{"userName":"Ann","count":4}}""");
        Assert.Equal("""{"count":5,"stamp":"s4"}""", JsonSerializer.Serialize((await client.AnswerAsync("s")).GetProperty("S")));

        var call = await client.CallAsync("oracle", "Progress", 2);
        Assert.Equal(50, (await client.MessageAsync()).GetProperty("P").GetProperty("D").GetInt32());
        Assert.Equal(100, (await client.MessageAsync()).GetProperty("P").GetProperty("D").GetInt32());
        await client.InvokeAsync("oracle", "SawProgress");
        Assert.Equal("done 2", (await client.AnswerAsync(call)).GetProperty("R").GetString());
    }

    private static async Task SendMessagesAsync(ScriptedGateway gateway, ScriptedClassicClient client)
    {
        await client.InvokeAsync("oracle", "BroadcastExcept", "hi", new[] { "c7" });
        Assert.Equal(["c7"], (await gateway.TakeAsync<BroadcastDataMessage>()).ExcludedConnectionIds);
        await client.InvokeAsync("oracle", "ToUser", "ann", "hi");
        Assert.Equal("ann", (await gateway.TakeAsync<UserDataMessage>()).UserId);
        await client.InvokeAsync("oracle", "JoinGroup", "room");
        Assert.Equal("hg-oracle.room", (await gateway.TakeAsync<JoinGroupMessage>()).GroupName);
        await client.InvokeAsync("oracle", "SendGroupOthers", "room", "hi");
        Assert.Equal(["c1"], (await gateway.TakeAsync<GroupBroadcastDataMessage>()).ExcludedConnectionIds);
        await client.InvokeAsync("oracle", "LeaveGroup", "room");
        Assert.Equal("hg-oracle.room", (await gateway.TakeAsync<LeaveGroupMessage>()).GroupName);

        foreach (var (hub, method) in new[] { ("SecondHub", "Shout"), ("SecondHub", "Announce"), ("TypedHub", "Send"), ("TypedHub", "Announce") })
        {
            Assert.False((await client.InvokeAsync(hub, method, "hi")).TryGetProperty("E", out var error), $"{hub}.{method}: {error}");
            var message = ScriptedClassicClient.Unwrap((await gateway.TakeAsync<BroadcastDataMessage>()).Payloads).GetProperty("M")[0];
            Assert.Equal(hub, message.GetProperty("H").GetString());
            Assert.Equal("hi", message.GetProperty("A")[0].GetString());
        }
    }

    private static async Task LiveAndLeaveAsync(LegacyProcess app, ScriptedClassicClient client)
    {
        await client.SendAsync("asrs:reconnect");
        Assert.Equal("reconnected", (await client.MessageAsync()).GetProperty("A")[0].GetString());
        await app.OutputAsync("reconnected c1");
        await client.CloseAsync();
        await app.OutputAsync("disconnected c1 stopCalled=True");
    }
}
