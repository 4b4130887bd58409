using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>Clients that negotiate with the gateway itself.</summary>
public sealed class DirectTests
{
    private const string Shop = "Tandem:Classic:Applications:shop:";

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task An_anonymous_client_connects_at_the_path_of_its_application(string transport)
    {
        await using var gateway = await TestGateway.StartAsync(Shop + "AllowAnonymous=true");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, null) { Path = "/signalr", Protocol = "1.3" };
        client.Transport = transport;
        var answer = await client.NegotiateAsync();
        Assert.Equal("/signalr", answer.GetProperty("Url").GetString());
        Assert.Equal("1.3", answer.GetProperty("ProtocolVersion").GetString());

        await using var stream = await client.ConnectAsync();
        var open = await server.TakeOpenAsync(client.ConnectionId);
        Assert.Empty(open.Claims);
        await server.InvokeAsync(client.ConnectionId, "say", "hi");
        Assert.Contains("hi", await stream.TakeItemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_shows_an_access_token_where_nobody_may_connect_without()
    {
        await using var gateway = await TestGateway.StartAsync(Shop + "Path=/live/hubs1");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, null) { Path = "/live/hubs1" };
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);

        client.Token = gateway.Tokens.Create("http://any.example/aspnetclient", claims: new() { ["nameid"] = "ann" });
        client.TokenInQuery = true;
        await using var stream = await client.BeginAsync("webSockets");
        var open = await server.TakeOpenAsync(client.ConnectionId);
        Assert.Contains(open.Claims, claim => claim.Value == "ann");
        await server.Hub("chat").SendAsync(new UserDataMessage("ann", ClassicAppServer.Payloads(ClassicAppServer.Messages("\"ann\""))));
        Assert.Equal("\"ann\"", await stream.TakeItemAsync());

        client.Token = gateway.Tokens.ClassicClient("bank");
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);
    }

    [Fact]
    public async Task A_bad_token_is_not_the_same_as_none()
    {
        await using var gateway = await TestGateway.StartAsync(Shop + "AllowAnonymous=true");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, "rubbish") { Path = "/signalr" };
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);
        client.Token = null;
        await client.NegotiateAsync();
    }

    [Fact]
    public async Task A_client_shows_a_token_of_the_authority()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Shop + "Authority=" + authority.Url, Shop + "Audience=shop-api");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, authority.Token("shop-api", "ann")) { Path = "/signalr" };
        await using var stream = await client.BeginAsync("serverSentEvents");
        var open = await server.TakeOpenAsync(client.ConnectionId);
        Assert.Contains(open.Claims, claim => claim.Value == "ann");

        foreach (var token in new[] { authority.Token("other", "ann"), gateway.Tokens.ClassicClient(), authority.Token("shop-api", "ann", expired: true) })
        {
            client.Token = token;
            Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);
        }

        // The connection that exists goes on with a token that has expired meanwhile.
        var posting = client.SendAsync("""{"H":"chat","M":"echo","A":["x"],"I":0}""");
        await server.EchoAsync(client.ConnectionId);
        using var post = await posting.Within();
        Assert.Equal(HttpStatusCode.OK, post.StatusCode);
    }

    [Fact]
    public async Task A_token_of_the_authority_that_has_expired_starts_nothing()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Shop + "Authority=" + authority.Url, Shop + "Audience=shop-api");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, authority.Token("shop-api", "ann")) { Path = "/signalr", Transport = "serverSentEvents" };
        await client.NegotiateAsync();
        client.Token = authority.Token("shop-api", "ann", expired: true);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.StartAsync)).StatusCode);
    }

    [Fact]
    public async Task A_PersistentConnection_is_told_apart_by_the_path_of_its_mapping()
    {
        const string Feed = "Tandem:Classic:Applications:feed:";
        await using var gateway = await TestGateway.StartAsync(
            Shop + "AllowAnonymous=true", Feed + "AllowAnonymous=true", Feed + "PersistentConnection=true", Feed + "Path=/raw", Feed + "Application=shop");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, null) { Path = "/raw", ConnectionData = null };
        await using var stream = await client.BeginAsync("webSockets");
        var open = await server.TakeOpenAsync(client.ConnectionId);
        Assert.Equal("/raw", Assert.Single(open.Claims, claim => claim.Key == ServiceClaims.Endpoint).Value);
        await stream.SendAsync("anything");
        Assert.Equal("anything", await server.TakeDataAsync(client.ConnectionId));

        await using var hubs = new RawClassicClient(gateway.Url, null) { Path = "/signalr" };
        await using var other = await hubs.BeginAsync("serverSentEvents");
        await server.TakeOpenAsync(hubs.ConnectionId);

        using var script = await gateway.Http.GetAsync("/raw/hubs");
        Assert.Equal("Protocol error: Unknown transport.", await script.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Times_of_an_application_are_its_own()
    {
        await using var gateway = await TestGateway.StartAsync(
            Shop + "AllowAnonymous=true", Shop + "KeepAlive=00:00:02", Shop + "DisconnectTimeout=00:00:06", Shop + "LongPollDelay=00:00:00.250");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, null) { Path = "/signalr", Transport = "longPolling" };
        var answer = await client.NegotiateAsync();
        Assert.Equal("4.0", answer.GetProperty("KeepAliveTimeout").GetRawText());
        Assert.Equal("6.0", answer.GetProperty("DisconnectTimeout").GetRawText());
        Assert.Equal("0.25", answer.GetProperty("LongPollDelay").GetRawText());
        using var connect = await client.PollAsync("connect");
        Assert.Contains("\"L\":250,", await connect.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proxy_script_is_that_of_the_app_server_or_a_clear_error()
    {
        await using var gateway = await TestGateway.StartAsync(Shop + "AllowAnonymous=true");
        Assert.StartsWith("throw new Error('SignalR: no app server", await ScriptAsync(gateway, "/signalr/hubs"), StringComparison.Ordinal);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await server.Application.SendAsync(new PingMessage(ServicePing.ProxiesKey, "$.hubConnection(\"/{tandem-url}\", {});"));
        await server.Application.SyncAsync();

        foreach (var path in new[] { "/signalr/hubs", "/signalr/JS", "/signalr/hubs/" })
        {
            Assert.Equal("$.hubConnection(\"/signalr\", {});", await ScriptAsync(gateway, path));
        }

        Assert.StartsWith("throw new Error('", await ScriptAsync(gateway, "/aspnetclient/hubs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_one_is_made_of_what_app_servers_said_of_their_hubs()
    {
        await using var gateway = await TestGateway.StartAsync(Shop + "AllowAnonymous=true");
        gateway.Log.Expect("NoDescription");
        await using var chat = await DescribeAsync(gateway, "shop_chathub", """{"name":"ChatHub","methods":["Send","Counter","Upload"],"streams":["Counter"],"uploads":["Upload"]}""");
        await using var second = await DescribeAsync(gateway, "shop_second", """{"name":"Second","methods":[]}""");
        await using var other = await DescribeAsync(gateway, "bank_chathub", """{"name":"ChatHub","methods":["Steal"]}""");
        foreach (var wrong in new[]
        {
            "x", "[]", "{}", """{"name":1}""", """{"name":"Broken","methods":"x"}""", """{"name":"Broken","methods":[1]}""",
            """{"name":"Broken","methods":[%]}""".Replace("%", string.Join(',', Enumerable.Repeat("\"m\"", 2001)), StringComparison.Ordinal),
            """{"name":"Broken","methods":["%"]}""".Replace("%", new string('x', 256 * 1024), StringComparison.Ordinal),
        })
        {
            await using var broken = await DescribeAsync(gateway, "shop_broken", wrong);
        }

        var script = await ScriptAsync(gateway, "/signalr/hubs");
        Assert.Contains("\"chatHub\": { \"counter\": \"Counter\", \"send\": \"Send\" },", script, StringComparison.Ordinal);
        Assert.Contains("\"second\": {}", script, StringComparison.Ordinal);
        Assert.Contains("$.hubConnection(\"/signalr\", {", script, StringComparison.Ordinal);
        Assert.DoesNotContain("steal", script, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", script, StringComparison.Ordinal);
        var hub = gateway.Services.GetRequiredService<HubTable>().TryGet("shop_chathub", out var state) ? state.Description! : null!;
        Assert.True(hub.IsStream("COUNTER"));
        Assert.False(hub.IsStream("Send"));
        Assert.True(hub.IsUpload("upload"));

        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await server.Application.SendAsync(new PingMessage(ServicePing.ProxiesKey, "the app server's own"));
        await server.Application.SyncAsync();
        Assert.Equal("the app server's own", await ScriptAsync(gateway, "/signalr/hubs"));
    }

    [Fact]
    public void Wrong_settings_are_said_all_at_once()
    {
        var errors = Configuration(
            ("Tandem:Classic:KeepAlive", "00:00:20"),
            ("Tandem:Classic:Applications:shop:Path", "signalr"),
            ("Tandem:Classic:Applications:bank:Audience", "x"));
        Assert.Equal(3, errors.Count);

        errors = Configuration(("Tandem:Classic:Applications:shop:Pth", "/x"), ("Tandem:Classic:Applications:shop:AllowAnonymous", "perhaps"), ("Tandem:Classic:Applications", "x"));
        Assert.Equal(3, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("Tandem:Classic:Applications:shop:Pth is not a setting.", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("true or false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_that_share_a_key_ring_take_each_others_tokens()
    {
        var directory = Directory.CreateTempSubdirectory("tandem-keys");
        try
        {
            string[] settings = ["Tandem:DataProtection:Directory=" + directory.FullName];
            await using var client = await NegotiateAndStopAsync(settings);

            await using var gateway = await StartWithKeysAsync(settings);
            await using var server = await ClassicAppServer.ConnectAsync(gateway);
            await using var again = new RawClassicClient(gateway.Url, client.Token) { ConnectionToken = client.ConnectionToken, Transport = "serverSentEvents" };
            await using (var stream = await again.ReconnectAsync())
            {
                Assert.True((await stream.TakeEnvelopeAsync()).TryGetProperty("E", out _));
            }

            await using var begun = await again.ConnectAsync();
            await again.StartAsync();
            await server.TakeOpenAsync(client.ConnectionId);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<RawClassicClient> NegotiateAndStopAsync(string[] settings)
    {
        await using var gateway = await StartWithKeysAsync(settings);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient());
        await client.NegotiateAsync();
        return client;
    }

    private static async Task<TestGateway> StartWithKeysAsync(string[] settings)
    {
        var gateway = await TestGateway.StartAsync(settings);
        // The framework's advice to encrypt keys in files.
        gateway.Log.Expect("NoXMLEncryptorConfiguredKeyMayBePersistedToStorageInUnencryptedForm");
        return gateway;
    }

    private static async Task<ScriptedAppServer> DescribeAsync(TestGateway gateway, string hub, string description)
    {
        var server = await gateway.ConnectServerAsync(hub);
        await server.SendAsync(new PingMessage(ServicePing.HubKey, description));
        await server.SyncAsync();
        return server;
    }

    private static async Task<string> ScriptAsync(TestGateway gateway, string path)
    {
        using var response = await gateway.Http.GetAsync(path);
        Assert.Equal("application/javascript; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        return await response.Content.ReadAsStringAsync();
    }

    private static IReadOnlyList<string> Configuration(params (string Name, string Value)[] settings) =>
        Tandem.Gateway.Configuration.SettingsCheck.Check(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Tandem:AccessKeys:0", TestTokens.Key), .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))])
            .Build());
}
