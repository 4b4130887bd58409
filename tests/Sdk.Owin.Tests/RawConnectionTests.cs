using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class RawConnectionTests
{
    private static readonly KeyValuePair<string, string>[] Raw = [new(ServiceClaims.Endpoint, "/raw")];

    [Fact]
    public async Task A_client_of_a_PersistentConnection_joins_everybody_else_of_it_first()
    {
        await using var app = await TestApp.StartAsync();

        var client = await OpenAsync(app);

        var join = await app.Server.TakeAsync<JoinGroupMessage>();
        Assert.Equal(("c1", "pc-Tandem.Sdk.Owin.Tests.RawConnection"), (join.ConnectionId, join.GroupName));
        Assert.Equal("""{"kind":"connected"}""", JsonSerializer.Serialize(await client.MessageAsync()));
        await app.Events.TakeAsync("raw connected c1");
    }

    [Fact]
    public async Task Texts_go_up_and_values_come_down()
    {
        await using var app = await TestApp.StartAsync();
        var client = await OpenAsync(app);
        await client.MessageAsync();

        await client.SendAsync("hello");
        Assert.Equal("\"hello\"", JsonSerializer.Serialize(await client.MessageAsync()));

        await client.SendAsync("all hands");
        var all = await app.Server.TakeAsync<GroupBroadcastDataMessage>();
        Assert.Equal("pc-Tandem.Sdk.Owin.Tests.RawConnection", all.GroupName);
        Assert.Equal("""{"C":"0","M":["hands"]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(all.Payloads)));

        await client.SendAsync("join room");
        await app.Server.TakeAsync<JoinGroupMessage>(static join => join.GroupName == "pcg-Tandem.Sdk.Owin.Tests.RawConnection.room");
        await client.SendAsync("group room hi");
        Assert.Equal("pcg-Tandem.Sdk.Owin.Tests.RawConnection.room", (await app.Server.TakeAsync<GroupBroadcastDataMessage>()).GroupName);
    }

    [Fact]
    public async Task It_has_a_life_like_a_hub()
    {
        await using var app = await TestApp.StartAsync();
        var client = await OpenAsync(app);

        await client.SendAsync("asrs:reconnect");
        await app.Events.TakeAsync("raw reconnected c1");
        await client.CloseAsync();
        await app.Events.TakeAsync("raw disconnected c1 True");
    }

    [Fact]
    public async Task Its_token_names_it()
    {
        await using var app = await TestApp.StartAsync();

        var token = NegotiateTests.ReadToken(await app.GetAsync("/raw/negotiate", "clientProtocol=2.1"));

        Assert.Equal("/raw", token.GetClaim(ServiceClaims.Endpoint).Value);
    }

    private static Task<ScriptedClassicClient> OpenAsync(TestApp app) => ScriptedClassicClient.OpenAsync(app.Server, "c1", null, Raw);
}
