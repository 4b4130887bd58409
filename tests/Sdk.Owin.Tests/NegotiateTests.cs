using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNet.SignalR;
using Microsoft.IdentityModel.JsonWebTokens;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class NegotiateTests
{
    private const string Chat = "connectionData=%5B%7B%22name%22%3A%22chat%22%7D%5D";
    private const string Locked = "connectionData=%5B%7B%22name%22%3A%22lockedhub%22%7D%5D";

    [Fact]
    public async Task Newest_clients_are_redirected_with_their_query()
    {
        await using var app = await TestApp.StartAsync();

        var answer = await app.GetAsync("/signalr/negotiate", "clientProtocol=2.1&" + Chat + "&team=a%20b&connectionToken=old&access_token=mine&x");

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json; charset=UTF-8", answer.Headers["Content-Type"].Single());
        var json = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(["ProtocolVersion", "RedirectUrl", "AccessToken", "TryWebSockets"], json.EnumerateObject().Select(static property => property.Name));
        Assert.Equal("2.0", json.GetProperty("ProtocolVersion").GetString());
        Assert.True(json.GetProperty("TryWebSockets").GetBoolean());
        Assert.Matches($"^{app.Gateway.Url}/aspnetclient\\?team=a%20b&x&asrs_request_id=[0-9a-f]+&asrs\\.op=%2Fsignalr$", json.GetProperty("RedirectUrl").GetString());
    }

    [Theory]
    [InlineData("clientProtocol=2.0&team=a")]
    [InlineData("team=a")]
    [InlineData("clientProtocol=x&team=a")]
    public async Task Clients_that_cannot_take_a_query_get_none(string query)
    {
        await using var app = await TestApp.StartAsync();

        var answer = await app.GetAsync("/signalr/negotiate", query);

        Assert.Equal(app.Gateway.Url + "/aspnetclient", JsonDocument.Parse(answer.Body).RootElement.GetProperty("RedirectUrl").GetString());
    }

    [Fact]
    public async Task The_token_says_who_the_user_is_and_how_to_serve_the_client()
    {
        await using var app = await TestApp.StartAsync(
            static options =>
            {
                options.ServerStickyMode = ServerStickyMode.Required;
                options.MaxPollIntervalInSeconds = 20;
                options.DiagnosticClientFilter = static request => request.QueryString["trace"] is not null;
                options.AccessTokenLifetime = TimeSpan.FromMinutes(5);
            },
            static hubs => hubs.EnableDetailedErrors = true);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann"), new(ClaimTypes.Role, "admin"), new("exp", "app's")], "cookie"));

        var token = ReadToken(await app.GetAsync("/signalr/negotiate", "clientProtocol=2.1&trace=1&" + Locked, environment => environment["server.User"] = user));

        Assert.Equal("http://127.0.0.1/aspnetclient", token.Audiences.Single());
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.ValidFrom);
        Assert.Equal("app", token.GetClaim(ServiceClaims.ApplicationName).Value);
        Assert.Equal("ann", token.GetClaim(ServiceClaims.UserId).Value);
        Assert.Equal("ann", token.GetClaim("unique_name").Value);
        Assert.Equal("admin", token.GetClaim("role").Value);
        Assert.Equal("app's", token.GetClaim(ServiceClaims.UserPrefix + "exp").Value);
        Assert.Equal("cookie", token.GetClaim(ServiceClaims.AuthenticationType).Value);
        Assert.Equal("Required", token.GetClaim(ServiceClaims.ServerSticky).Value);
        Assert.Equal(app.Server.Headers[ServiceHeaders.ServerId], token.GetClaim(ServiceClaims.ServerName).Value);
        Assert.Equal("20", token.GetClaim(ServiceClaims.LongPollSeconds).Value);
        Assert.Equal("true", token.GetClaim(ServiceClaims.Diagnostic).Value);
        Assert.Equal("True", token.GetClaim(ServiceClaims.DetailedErrors).Value);
        Assert.DoesNotContain(token.Claims, static claim => claim.Type == ServiceClaims.Endpoint);
    }

    [Fact]
    public async Task The_application_chooses_claims_and_user_id()
    {
        await using var app = await TestApp.StartAsync(
            static options => options.ClaimsProvider = static request => [new Claim("team", request.QueryString["team"])],
            resolve: static resolver => resolver.Register(typeof(IUserIdProvider), static () => new TeamUserIds()));

        var token = ReadToken(await app.GetAsync("/signalr/negotiate", "team=blue"));

        Assert.Equal("blue", token.GetClaim("team").Value);
        Assert.Equal("user of blue", token.GetClaim(ServiceClaims.UserId).Value);
    }

    [Fact]
    public async Task Hubs_are_authorized_first()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("AuthorizationFailed");
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "cookie"));

        Assert.Equal((401, "Unauthorized"), await GetAsync(Locked));
        Assert.Equal(200, (await GetAsync(Locked, user)).Status);
        Assert.Equal(500, (await GetAsync("connectionData=[{\"name\":\"nohub\"}]")).Status);
        Assert.Equal(500, (await GetAsync("connectionData=nonsense")).Status);
        Assert.Equal(200, (await GetAsync("connectionData=[]")).Status);

        async Task<(int Status, string Body)> GetAsync(string query, ClaimsPrincipal? user = null)
        {
            var answer = await app.GetAsync("/signalr/negotiate", query, environment => environment["owin.RequestUser"] = user!);
            return (answer.Status, answer.Body);
        }
    }

    [Fact]
    public async Task The_gateway_is_told_which_of_the_hubs_the_client_may_use()
    {
        await using var app = await TestApp.StartAsync();
        const string Both = "connectionData=[{\"name\":\"chat\"},{\"Name\":\"LockedHub\"}]";
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "cookie"));

        var anonymous = ReadToken(await app.GetAsync("/signalr/negotiate", Both));
        var ann = ReadToken(await app.GetAsync("/signalr/negotiate", Both, environment => environment["owin.RequestUser"] = user));

        Assert.Equal("chat", anonymous.GetClaim(ServiceClaims.AllowedHubs).Value);
        Assert.Equal(["chat", "lockedhub"], ann.GetClaim(ServiceClaims.AllowedHubs).Value.Split('.').Order());
        Assert.Equal(string.Empty, ReadToken(await app.GetAsync("/signalr/negotiate", "connectionData=[]")).GetClaim(ServiceClaims.AllowedHubs).Value);
    }

    [Fact]
    public async Task Everything_else_is_said_clearly_or_passed_on()
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(400, (await app.GetAsync("/signalr/negotiate", "callback=x")).Status);
        var connect = await app.GetAsync("/signalr/connect", "transport=webSockets");
        Assert.Equal(404, connect.Status);
        Assert.StartsWith("NotFound", connect.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await app.GetAsync("/SignalR/x/NEGOTIATE")).Status);
        Assert.Equal(418, (await app.GetAsync("/signalrx/negotiate")).Status);
        Assert.Equal(418, (await app.GetAsync("/")).Status);
    }

    [Theory]
    [InlineData("/signalr/hubs")]
    [InlineData("/signalr/js/")]
    public async Task The_proxy_script_comes_from_the_application(string path)
    {
        await using var app = await TestApp.StartAsync();

        var answer = await app.GetAsync(path);

        Assert.Equal("application/javascript; charset=UTF-8", answer.Headers["Content-Type"].Single());
        Assert.Contains("hubConnection(\"/signalr\"", answer.Body);
    }

    [Fact]
    public async Task No_script_is_made_when_the_application_does_not_want_it()
    {
        await using var app = await TestApp.StartAsync(configuration: static hubs => hubs.EnableJavaScriptProxies = false);

        const string script = "throw new Error('SignalR: JavaScript Hub proxy generation has been disabled.')";
        Assert.Contains(script, (await app.GetAsync("/signalr/hubs")).Body);
        var ping = await app.Server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ProxiesKey] is not null);
        Assert.Contains(script, ping[ServicePing.ProxiesKey]);
    }

    [Fact]
    public async Task A_token_that_would_be_too_long_is_refused()
    {
        await using var app = await TestApp.StartAsync(static options => options.ClaimsProvider = static _ => [new Claim("x", new string('x', 5000))]);
        app.Logs.Expect("TokenTooLong");

        Assert.Equal(413, (await app.GetAsync("/signalr/negotiate")).Status);
    }

    [Fact]
    public async Task Without_a_gateway_clients_are_told_to_come_back()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("Lost", "ConnectFailed", "NoEndpoint");
        await app.Gateway.CrashAsync();
        await Eventually.TrueAsync(() => app.Application.Runtime.Application.Sets.All(static set => set.ConnectedCount == 0), "all lost");

        Assert.Equal(500, (await app.GetAsync("/signalr/negotiate")).Status);
    }

    internal static JsonWebToken ReadToken(OwinAnswer answer) => new(JsonDocument.Parse(answer.Body).RootElement.GetProperty("AccessToken").GetString());

    private sealed class TeamUserIds : IUserIdProvider
    {
        public string GetUserId(IRequest request) => "user of " + request.QueryString["team"];
    }
}
