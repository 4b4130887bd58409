using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>Clients of ASP.NET Core SignalR at a classic application.</summary>
public sealed class CoreNegotiateTests
{
    private static readonly ClaimsPrincipal Ann = new(new ClaimsIdentity([new(ClaimTypes.Name, "ann"), new(ClaimTypes.Role, "admin")], "cookie"));

    [Theory]
    [InlineData("/signalr/chat/negotiate", "%2Fsignalr%2Fchat")]
    [InlineData("/chat/negotiate", "%2Fchat")]
    [InlineData("/SignalR/CHAT/Negotiate", "%2FSignalR%2FCHAT")]
    public async Task The_answer_sends_the_client_to_the_gateway_and_keeps_its_query(string path, string original)
    {
        await using var app = await TestApp.StartAsync();

        var answer = await PostAsync(app, path, "negotiateVersion=1&room=a%20b");

        Assert.Equal(200, answer.Status);
        Assert.Equal("no-store", answer.Headers["Cache-Control"].Single());
        Assert.StartsWith("application/json", answer.Headers["Content-Type"].Single(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(0, json.GetProperty("negotiateVersion").GetInt32());
        Assert.Empty(json.GetProperty("availableTransports").EnumerateArray());
        Assert.Matches(
            $"^{app.Gateway.Url}/client/\\?hub=app_chat&asrs\\.op={original}&negotiateVersion=1&room=a%20b&asrs_request_id=[0-9a-f]+$",
            json.GetProperty("url").GetString());
    }

    [Fact]
    public async Task The_token_is_for_the_hub_and_says_who_the_user_is()
    {
        await using var app = await TestApp.StartAsync(static options => options.ApplicationName = "Shop", server: "shop_shop");

        var token = ReadToken(await PostAsync(app, "/LockedHub/negotiate", user: Ann));

        Assert.Equal("http://127.0.0.1/client/?hub=shop_lockedhub", token.Audiences.Single());
        Assert.Equal("Shop", token.GetClaim(ServiceClaims.ApplicationName).Value);
        Assert.Equal("lockedhub", token.GetClaim(ServiceClaims.AllowedHubs).Value);
        Assert.Equal("ann", token.GetClaim(ServiceClaims.UserId).Value);
        Assert.Equal("admin", token.GetClaim("role").Value);
    }

    [Fact]
    public async Task The_hub_is_authorized_first()
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal((401, "Unauthorized"), await AskAsync("/lockedhub/negotiate", null));
        Assert.Equal(200, (await AskAsync("/lockedhub/negotiate", Ann)).Status);
        // What the query says of hubs is not asked for: the path counts.
        Assert.Equal(401, (await PostAsync(app, "/lockedhub/negotiate", "connectionData=[{\"name\":\"chat\"}]")).Status);

        async Task<(int Status, string Body)> AskAsync(string path, ClaimsPrincipal? user)
        {
            var answer = await PostAsync(app, path, user: user);
            return (answer.Status, answer.Body);
        }
    }

    [Fact]
    public async Task Everything_else_is_said_clearly_or_passed_on()
    {
        await using var app = await TestApp.StartAsync();

        var get = await app.GetAsync("/chat/negotiate");
        Assert.Equal((405, "POST"), (get.Status, get.Headers["Allow"].Single()));
        Assert.Equal(405, (await app.GetAsync("/signalr/chat/negotiate")).Status);
        Assert.Equal(418, (await SendAsync(app, "OPTIONS", "/chat/negotiate")).Status);
        Assert.Equal(418, (await SendAsync(app, "OPTIONS", "/signalr/chat/negotiate")).Status);
        Assert.Equal(418, (await PostAsync(app, "/nohub/negotiate")).Status);
        Assert.Equal(418, (await PostAsync(app, "/chat/x/negotiate")).Status);
        Assert.Equal(418, (await PostAsync(app, "/negotiate")).Status);

        // A page of the hub's name is the application's own, a WebSocket is not.
        Assert.Equal(418, (await app.GetAsync("/chat")).Status);
        var socket = await app.GetAsync("/chat", with: static environment =>
            ((IDictionary<string, string[]>)environment["owin.RequestHeaders"])["Upgrade"] = ["websocket"]);
        Assert.Equal(400, socket.Status);
        Assert.Contains("skipNegotiation", socket.Body, StringComparison.Ordinal);
        Assert.Equal(400, (await app.GetAsync("/signalr/chat", "id=x")).Status);

        // Classic clients say what they are, and may ask at any path below the mapping.
        Assert.Contains("RedirectUrl", (await app.GetAsync("/signalr/chat/negotiate", "clientProtocol=2.1")).Body, StringComparison.Ordinal);
        Assert.Equal(418, (await app.GetAsync("/chat/negotiate", "clientProtocol=2.1")).Status);
        Assert.Equal(418, (await PostAsync(app, "/raw2/chat/negotiate")).Status);
    }

    [Fact]
    public async Task A_token_that_would_be_too_long_is_refused()
    {
        await using var app = await TestApp.StartAsync(static options => options.ClaimsProvider = static _ => [new Claim("x", new string('x', 5000))]);
        app.Logs.Expect("TokenTooLong");

        Assert.Equal(413, (await PostAsync(app, "/chat/negotiate")).Status);
    }

    [Fact]
    public async Task Without_a_gateway_clients_are_told_to_come_back()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("Lost", "ConnectFailed", "NoEndpoint");
        await app.Gateway.CrashAsync();
        await Eventually.TrueAsync(() => app.Application.Runtime.Application.Sets.All(static set => set.ConnectedCount == 0), "all lost");

        Assert.Equal(500, (await PostAsync(app, "/chat/negotiate")).Status);
    }

    [Fact]
    public async Task On_ASP_NET_Core_the_routes_of_the_application_come_first()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        await using var app = await AspNetCoreTests.StartAsync(gateway);
        await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        foreach (var path in new[] { "/chat/negotiate", "/signalr/Chat/negotiate" })
        {
            using var answer = await http.PostAsync(path, null);
            var url = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString();
            Assert.StartsWith(gateway.Url + "/client/?hub=shop_chat&asrs.op=", url, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/lockedhub/negotiate", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/lockedhub/negotiate?user=ann", null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.GetAsync("/chat/negotiate")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/chat")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/nohub/negotiate", null)).StatusCode);
        Assert.Equal("the application's own", await http.GetStringAsync("/secondhub"));
        using var socket = new HttpRequestMessage(HttpMethod.Get, "/chat");
        socket.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        Assert.Equal(HttpStatusCode.BadRequest, (await http.SendAsync(socket)).StatusCode);
    }

    private static Task<OwinAnswer> PostAsync(TestApp app, string path, string query = "", ClaimsPrincipal? user = null) => SendAsync(app, "POST", path, query, user);

    private static Task<OwinAnswer> SendAsync(TestApp app, string method, string path, string query = "", ClaimsPrincipal? user = null) =>
        app.GetAsync(path, query, environment =>
        {
            environment["owin.RequestMethod"] = method;
            environment["server.User"] = user!;
        });

    private static JsonWebToken ReadToken(OwinAnswer answer) => new(JsonDocument.Parse(answer.Body).RootElement.GetProperty("accessToken").GetString());
}
