using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>What the app server gets to see, and what it can do.</summary>
public sealed class AppServerTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private ClassicAppServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _server = await ClassicAppServer.ConnectAsync(_gateway, hubs: ["chat", "news"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_app_server_sees_the_query_without_secrets_the_headers_and_the_claims()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(user: "ann", claims: new() { ["role"] = "admin" }))
        {
            TokenInQuery = true,
            Query = "&color=blue%20sky&asrs.op=%2Fsignalr",
        };
        client.Headers["Cookie"] = "a=b";
        await using var stream = await client.BeginAsync("webSockets");
        var open = await _server.TakeOpenAsync(client.ConnectionId);

        Assert.True(Guid.TryParseExact(client.ConnectionId, "d", out _));
        Assert.StartsWith("?", open.QueryString, StringComparison.Ordinal);
        Assert.DoesNotContain(client.ConnectionToken!, open.QueryString, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Token!, open.QueryString, StringComparison.Ordinal);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(open.QueryString);
        Assert.NotEqual(string.Empty, query["connectionToken"].ToString());
        Assert.Equal("webSockets", query["transport"].ToString());
        Assert.Equal("2.1", query["clientProtocol"].ToString());
        Assert.Equal("""[{"name":"chat"}]""", query["connectionData"].ToString());
        Assert.Equal("blue sky", query["color"].ToString());
        Assert.Equal("/signalr", query["asrs.op"].ToString());
        Assert.False(query.ContainsKey("access_token"));
        Assert.Contains(open.Headers, header => header.Key == "Cookie" && header.Value is ["a=b"]);
        Assert.DoesNotContain(open.Headers, header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(open.Claims, claim => claim is { Key: "asrs.s.uid", Value: "ann" });
        Assert.Contains(open.Claims, claim => claim.Value == "admin");
    }

    [Fact]
    public async Task A_hub_reaches_the_clients_that_named_it_and_no_others()
    {
        await using var chat = await ClassicSession.StartAsync(_gateway, _server, user: "ann");
        await using var both = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(user: "ann")) { ConnectionData = """[{"Name":"News"},{"Name":"CHAT"}]""" };
        await using var stream = await both.BeginAsync("serverSentEvents");
        await _server.TakeOpenAsync(both.ConnectionId);

        await _server.BroadcastAsync("news", "flash", 1);
        await _server.Hub("news").SendAsync(new UserDataMessage("ann", ClassicAppServer.Payloads(ClassicAppServer.Messages("\"user\""))));
        await _server.Hub("news").SyncAsync();
        await _server.BroadcastAsync("chat", "say", 2);

        Assert.Equal("""{"H":"news","M":"flash","A":[1]}""", await stream.TakeItemAsync());
        Assert.Equal("\"user\"", await stream.TakeItemAsync());
        Assert.Equal("""{"H":"chat","M":"say","A":[2]}""", await stream.TakeItemAsync());
        Assert.Equal("""{"H":"chat","M":"say","A":[2]}""", await chat.Stream.TakeItemAsync());
    }

    [Fact]
    public async Task A_hub_that_the_application_does_not_allow_a_client_does_not_reach_it()
    {
        var token = _gateway.Tokens.ClassicClient(user: "ann", claims: new() { [ServiceClaims.AllowedHubs] = "other.chat" });
        await using var client = new RawClassicClient(_gateway.Url, token) { ConnectionData = """[{"Name":"News"},{"Name":"chat"}]""" };
        await using var stream = await client.BeginAsync("webSockets");
        await _server.TakeOpenAsync(client.ConnectionId);

        await _server.BroadcastAsync("news", "flash", 1);
        await _server.Hub("news").SendAsync(new UserDataMessage("ann", ClassicAppServer.Payloads(ClassicAppServer.Messages("\"user\""))));
        await _server.Hub("news").SyncAsync();
        await _server.BroadcastAsync("chat", "say", 2);

        Assert.Equal("""{"H":"chat","M":"say","A":[2]}""", await stream.TakeItemAsync());
    }

    [Fact]
    public async Task Groups_are_the_applications_and_a_broadcast_leaves_out_whom_it_names()
    {
        await using var one = await ClassicSession.StartAsync(_gateway, _server);
        await using var two = await ClassicSession.StartAsync(_gateway, _server, "longPolling");
        foreach (var session in new[] { one, two })
        {
            await _server.Application.SendAsync(new JoinGroupMessage(session.Id, "hg-chat.Room.1", 7));
            Assert.Equal(AckStatus.Ok, (await _server.Application.TakeAsync<AckMessage>(ack => ack.AckId == 7)).Status);
        }

        await _server.Application.SendAsync(Group("hg-chat.Room.1", "\"both\""));
        await _server.Application.SendAsync(Group("hg-chat.room.1", "\"nobody\""));
        await _server.Application.SendAsync(new LeaveGroupMessage(two.Id, "hg-chat.Room.1", 8));
        await _server.Application.TakeAsync<AckMessage>(ack => ack.AckId == 8);
        await _server.Application.SendAsync(Group("hg-chat.Room.1", "\"one\""));
        await _server.Application.SyncAsync();
        await _server.Hub("chat").SendAsync(new BroadcastDataMessage([one.Id], ClassicAppServer.Payloads(ClassicAppServer.Messages("\"two\""))));

        Assert.Equal("\"both\"", await one.Stream.TakeItemAsync());
        Assert.Equal("\"one\"", await one.Stream.TakeItemAsync());
        Assert.Equal("\"both\"", await two.Stream.TakeItemAsync());
        Assert.Equal("\"two\"", await two.Stream.TakeItemAsync());
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_client_the_app_server_closes_is_told_and_does_not_come_back(string transport)
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, transport);
        await _server.Application.SendAsync(new CloseConnectionMessage(session.Id, "secret details", []));

        var text = (await session.Stream.TakeEnvelopeAsync()).GetProperty("E").GetString();
        Assert.Equal("The app server closed the connection.", text);
        Assert.True((await session.Stream.Ended).Orderly);
        await _server.Application.SyncAsync();
        Assert.DoesNotContain(_server.Application.Received, message => message is CloseConnectionMessage);
        await using var again = await session.Client.ReconnectAsync();
        Assert.True((await again.TakeEnvelopeAsync()).TryGetProperty("E", out _));
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_client_of_a_PersistentConnection_sends_and_receives_whatever_it_is(string transport)
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(claims: new() { [ServiceClaims.Endpoint] = "/raw" })) { ConnectionData = null };
        await using var stream = await client.BeginAsync(transport);
        var open = await _server.TakeOpenAsync(client.ConnectionId);
        Assert.Contains(open.Claims, claim => claim.Key == ServiceClaims.Endpoint && claim.Value == "/raw");

        if (transport == "webSockets")
        {
            await stream.SendAsync("join the {club");
        }
        else
        {
            using var post = await client.SendAsync("join the {club");
            Assert.Equal(System.Net.HttpStatusCode.OK, post.StatusCode);
            Assert.Empty(await post.Content.ReadAsStringAsync());
        }

        Assert.Equal("join the {club", await _server.TakeDataAsync(client.ConnectionId));
        await _server.Application.SendAsync(new ConnectionDataMessage(client.ConnectionId, ClassicAppServer.Messages("\"text\"", "{\"a\":1}")));
        Assert.Equal("\"text\"", await stream.TakeItemAsync());
        Assert.Equal("{\"a\":1}", await stream.TakeItemAsync());
    }

    [Fact]
    public async Task Clients_of_the_two_families_do_not_hear_each_other()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        _gateway.Log.Expect("ProtocolMissing");
        await using var core = await _gateway.ConnectServerAsync("shop_chat");
        await core.SendAsync(new BroadcastDataMessage([], new ServicePayloads(new ServicePayload("json", Encoding.UTF8.GetBytes("{}\u001e")))));
        await core.SyncAsync();
        await session.AssertAliveAsync();
    }

    private static GroupBroadcastDataMessage Group(string name, string item) =>
        new(name, [], ClassicAppServer.Payloads(ClassicAppServer.Messages(item)), []);
}
