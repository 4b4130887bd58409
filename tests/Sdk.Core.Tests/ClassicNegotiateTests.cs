using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

/// <summary>Classic clients of an ASP.NET Core application.</summary>
public sealed class ClassicNegotiateTests
{
    private const string Chat = "connectionData=%5B%7B%22name%22%3A%22chathub%22%7D%5D";

    [Fact]
    public async Task Newest_clients_are_redirected_with_their_query()
    {
        await using var app = await StartAsync();

        using var answer = await NegotiateAsync(app, "clientProtocol=2.1&" + Chat + "&team=a%20b&connectionToken=old&access_token=mine&x");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=UTF-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
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
        await using var app = await StartAsync();

        using var answer = await NegotiateAsync(app, query);

        Assert.Equal(app.Gateway.Url + "/aspnetclient", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("RedirectUrl").GetString());
    }

    [Fact]
    public async Task The_token_names_the_application_the_user_and_the_hubs()
    {
        await using var app = await StartAsync(static options =>
        {
            options.ApplicationName = "Shop";
            options.ServerStickyMode = ServerStickyMode.Required;
            options.MaxPollIntervalInSeconds = 20;
            options.AccessTokenLifetime = TimeSpan.FromMinutes(5);
        });
        const string Both = "connectionData=[{\"name\":\"CHATHUB\"},{\"Name\":\"MembersHub\"}]";

        var token = await TokenAsync(app, Both, "ann");

        Assert.Equal("http://127.0.0.1/aspnetclient", token.Audiences.Single());
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.ValidFrom);
        Assert.Equal("Shop", token.GetClaim(ServiceClaims.ApplicationName).Value);
        Assert.Equal("chathub.membershub", token.GetClaim(ServiceClaims.AllowedHubs).Value);
        Assert.Equal("ann", token.GetClaim(ServiceClaims.UserId).Value);
        Assert.Equal("member", token.GetClaim("role").Value);
        Assert.Equal("Test", token.GetClaim(ServiceClaims.AuthenticationType).Value);
        Assert.Equal("Required", token.GetClaim(ServiceClaims.ServerSticky).Value);
        Assert.Equal("20", token.GetClaim(ServiceClaims.LongPollSeconds).Value);
        Assert.False(token.TryGetPayloadValue<string>(ServiceClaims.DetailedErrors, out _));

        Assert.Equal("chathub", (await TokenAsync(app, Both)).GetClaim(ServiceClaims.AllowedHubs).Value);
        Assert.Equal(string.Empty, (await TokenAsync(app, "connectionData=[]")).GetClaim(ServiceClaims.AllowedHubs).Value);
    }

    [Theory]
    [InlineData("MembersHub", null, HttpStatusCode.Unauthorized, "Unauthorized")]
    [InlineData("membershub", "ann", HttpStatusCode.OK, null)]
    [InlineData("NobodysHub", "ann", HttpStatusCode.Forbidden, "Forbidden")]
    [InlineData("WhoHub", null, HttpStatusCode.Unauthorized, "Unauthorized")]
    [InlineData("WhoHub", "ann", HttpStatusCode.OK, null)]
    [InlineData("nohub", "ann", HttpStatusCode.InternalServerError, "'nohub' Hub could not be resolved.")]
    public async Task What_authorizes_the_hub_authorizes_its_classic_clients(string hub, string? user, HttpStatusCode expected, string? text)
    {
        await using var app = await StartAsync();

        using var answer = await NegotiateAsync(app, $"connectionData=[{{\"name\":\"{hub}\"}}]", user);

        Assert.Equal(expected, answer.StatusCode);
        if (text is not null)
        {
            Assert.Equal(text, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_policy_of_the_hub_with_a_scheme_of_its_own_says_who_the_user_is()
    {
        await using var app = await StartAsync(map: static app => app.MapHub<ChatHub>("/chat").RequireAuthorization(policy =>
            policy.AddAuthenticationSchemes("Test").RequireAuthenticatedUser()), scheme: null);

        Assert.Equal("ann", (await TokenAsync(app, Chat, "ann")).GetClaim(ServiceClaims.UserId).Value);
        using var anonymous = await NegotiateAsync(app, Chat);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Theory]
    [InlineData("connectionData=nonsense")]
    [InlineData("connectionData=[1]")]
    [InlineData("connectionData=[{}]")]
    [InlineData("connectionData=[{\"name\":1}]")]
    [InlineData("connectionData={}")]
    [InlineData("connectionData=[{\"name\":\"chathub\"},{\"name\":\"ChatHub\"}]")]
    public async Task Hubs_that_cannot_be_read_are_refused(string query)
    {
        await using var app = await StartAsync();

        using var answer = await NegotiateAsync(app, query);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task Everything_else_is_said_clearly_or_left_to_the_application()
    {
        await using var app = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("/signalr/negotiate?callback=x"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/signalr/connect?transport=webSockets"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/SignalR/x/NEGOTIATE"));
        Assert.Equal(HttpStatusCode.OK, (await app.Client.PostAsync(new Uri("/signalr/negotiate", UriKind.Relative), null)).StatusCode);
        using var core = await app.NegotiateAsync();
        Assert.Equal(HttpStatusCode.OK, core.StatusCode);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Cors_of_the_mapping_answers_preflights()
    {
        await using var app = await StartAsync(
            build: static builder => builder.Services.AddCors(),
            map: static app =>
            {
                app.UseCors();
                app.MapHub<ChatHub>("/chat");
            },
            classic: static mapping => mapping.RequireCors(policy => policy.WithOrigins("http://page.example").AllowAnyHeader().AllowCredentials()));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/signalr/negotiate");
        preflight.Headers.Add("Origin", "http://page.example");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");

        using var answer = await app.Client.SendAsync(preflight);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("http://page.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_token_that_would_be_too_long_is_refused()
    {
        await using var app = await StartAsync(static options => options.ClaimsProvider = static _ => [new Claim("x", new string('x', 5000))]);

        using var answer = await NegotiateAsync(app, Chat);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_gateway_clients_are_told_to_come_back()
    {
        await using var app = await StartAsync();
        await app.Gateway.CrashAsync();
        await app.DisconnectedAsync();

        using var answer = await NegotiateAsync(app, Chat);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("'shop' has no server connection", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Set TandemOptions.ApplicationName")]
    [InlineData("ChatHub", "also the name of a hub")]
    public async Task An_application_name_that_cannot_be_used_ends_the_start(string? name, string expected)
    {
        await using var gateway = await ScriptedGateway.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(options => options.ApplicationName = name, gateway: gateway));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mapping_without_services_says_what_is_missing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddTandem", Assert.Throws<InvalidOperationException>(() => app.MapTandemClassic()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => app.MapTandemClassic("signalr"));
        Assert.Throws<ArgumentException>(() => app.MapTandemClassic("/signalr/"));
    }

    internal static async Task<TestApp> StartAsync(
        Action<TandemOptions>? options = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null,
        Action<IEndpointConventionBuilder>? classic = null, string? scheme = "Test", ScriptedGateway? gateway = null)
    {
        var app = await TestApp.StartAsync(
            tandem =>
            {
                tandem.ApplicationName = "shop";
                options?.Invoke(tandem);
            },
            builder =>
            {
                builder.Services.AddTestUsers();
                builder.Services.Configure<Microsoft.AspNetCore.Authentication.AuthenticationOptions>(authentication =>
                {
                    authentication.DefaultScheme = scheme;

                    // A scheme that is alone is the default.
                    authentication.AddScheme("Other", static other => other.HandlerType = typeof(TestUsers));
                });
                build?.Invoke(builder);
            },
            app =>
            {
                if (map is null)
                {
                    app.MapHub<ChatHub>("/chat");
                    app.MapHub<MembersHub>("/members");
                    app.MapHub<NobodysHub>("/nobodys");
                    app.MapHub<WhoHub>("/who").RequireAuthorization();
                }
                else
                {
                    map(app);
                }

                var mapping = app.MapTandemClassic();
                classic?.Invoke(mapping);
            },
            gateway: gateway);
        await app.ConnectedAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> NegotiateAsync(TestApp app, string query, string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signalr/negotiate?" + query);
        if (user is not null)
        {
            request.Headers.Add(TestUsers.Header, user);
        }

        return await app.Client.SendAsync(request);
    }

    private static async Task<JsonWebToken> TokenAsync(TestApp app, string query, string? user = null)
    {
        using var answer = await NegotiateAsync(app, query, user);
        return new JsonWebToken((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("AccessToken").GetString());
    }
}
