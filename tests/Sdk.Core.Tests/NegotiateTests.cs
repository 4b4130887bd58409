using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class NegotiateTests
{
    [Fact]
    public async Task The_answer_sends_the_client_to_the_gateway_and_keeps_its_query()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapHub<ChatHub>("/a b/chat"));

        using var answer = await app.NegotiateAsync("/a%20b/chat", "?negotiateVersion=1&room=a%20b&room=c&x=1%2F2");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0, json.GetProperty("negotiateVersion").GetInt32());
        Assert.Empty(json.GetProperty("availableTransports").EnumerateArray());
        var url = json.GetProperty("url").GetString()!;
        Assert.StartsWith(
            app.Gateway.Url + "/client/?hub=chathub&asrs.op=%2Fa%20b%2Fchat&negotiateVersion=1&room=a%20b&room=c&x=1%2F2&asrs_request_id=", url, StringComparison.Ordinal);
        Assert.DoesNotContain("asrs_lang", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_the_gateways_and_says_nothing_more_than_needed()
    {
        await using var app = await TestApp.StartAsync(static options => options.AccessTokenLifetime = TimeSpan.FromMinutes(10));

        var token = await TokenAsync(app);

        Assert.Equal(["http://127.0.0.1/client/?hub=chathub"], token.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(10), token.ValidTo - token.ValidFrom);
        Assert.Equal(["asrs.s.tandem.by", "aud", "exp", "iat", "nbf"], token.Claims.Select(static claim => claim.Type).Order());
    }

    [Fact]
    public async Task The_application_name_prefixes_the_hub()
    {
        await using var app = await TestApp.StartAsync(static options => options.ApplicationName = "Shop");

        Assert.Equal("shop_chathub", (await app.Gateway.AcceptAsync()).Hub);
        Assert.Equal(["http://127.0.0.1/client/?hub=shop_chathub"], (await TokenAsync(app)).Audiences);
    }

    [Fact]
    public async Task The_token_carries_user_and_claims_and_instructions()
    {
        await using var app = await TestApp.StartAsync(
            static options =>
            {
                options.ServerStickyMode = ServerStickyMode.Preferred;
                options.MaxPollIntervalInSeconds = 7;
                options.TransportTypeDetector = static _ => HttpTransportType.WebSockets | HttpTransportType.LongPolling;
                options.DiagnosticClientFilter = static _ => true;
                options.CloseOnAuthenticationExpiration = true;
            },
            build: static builder => builder.Services.AddTestUsers(),
            signalR: static hubs => hubs.AddHubOptions<ChatHub>(static hub =>
            {
                hub.EnableDetailedErrors = true;
                hub.HandshakeTimeout = TimeSpan.FromSeconds(5);
            }));
        var server = await app.Gateway.AcceptAsync();

        var token = await TokenAsync(app, user: "ann");

        Assert.Equal("ann", Value(token, "nameid"));
        Assert.Equal("member", Value(token, "role"));
        Assert.Equal("theirs", Value(token, "asrs.u.iss"));
        Assert.Equal("ann", Value(token, ServiceClaims.UserId));
        Assert.Equal("Test", Value(token, ServiceClaims.AuthenticationType));
        Assert.Equal("display", Value(token, ServiceClaims.NameType));
        Assert.Equal(server.Headers[ServiceHeaders.ServerId], Value(token, ServiceClaims.ServerName));
        Assert.Equal("Preferred", Value(token, ServiceClaims.ServerSticky));
        Assert.Equal("7", Value(token, ServiceClaims.LongPollSeconds));
        Assert.Equal("5", Value(token, ServiceClaims.Transports));
        Assert.Equal("5", Value(token, ServiceClaims.HandshakeTimeoutSeconds));
        Assert.Equal("True", Value(token, ServiceClaims.DetailedErrors));
        Assert.Equal("true", Value(token, ServiceClaims.Diagnostic));
        Assert.Equal("true", Value(token, ServiceClaims.CloseOnAuthenticationExpiration));
        Assert.Equal(TestUsers.Expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Value(token, ServiceClaims.AuthenticationExpiresOn));
    }

    [Fact]
    public async Task What_map_hub_says_counts_too()
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddTestUsers(),
            map: static app => app.MapHub<ChatHub>("/chat", static hub =>
            {
                hub.Transports = HttpTransportType.ServerSentEvents;
                hub.CloseOnAuthenticationExpiration = true;
            }));

        var token = await TokenAsync(app, user: "ann");

        Assert.Equal("2", Value(token, ServiceClaims.Transports));
        Assert.Equal("true", Value(token, ServiceClaims.CloseOnAuthenticationExpiration));
    }

    [Fact]
    public async Task The_applications_user_id_provider_sees_the_request()
    {
        await using var app = await TestApp.StartAsync(build: static builder => builder.Services.AddSingleton<IUserIdProvider, QueryUserIds>());

        var token = await TokenAsync(app, query: "?who=bob");

        Assert.Equal("bob", Value(token, ServiceClaims.UserId));
    }

    [Fact]
    public async Task A_claims_provider_replaces_the_users_claims()
    {
        await using var app = await TestApp.StartAsync(
            static options => options.ClaimsProvider = static context => [new Claim("only", context.Request.Query["who"]!)],
            build: static builder => builder.Services.AddTestUsers());

        var token = await TokenAsync(app, user: "ann", query: "?who=bob");

        Assert.Equal("bob", Value(token, "only"));
        Assert.Null(Value(token, "role"));
    }

    [Fact]
    public async Task Request_localization_reaches_the_hub()
    {
        await using var app = await TestApp.StartAsync(map: static app =>
        {
            app.UseRequestLocalization("en-US", "de-DE");
            app.MapHub<ChatHub>("/chat");
        });

        using var answer = await app.NegotiateAsync(query: "?culture=de-DE");

        var url = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        Assert.Equal("de-DE", query["asrs_lang"]);
        Assert.Equal("de-DE", query["asrs_ui_lang"]);
    }

    [Theory]
    [InlineData("/members", null, HttpStatusCode.Unauthorized)]
    [InlineData("/members", "ann", HttpStatusCode.OK)]
    [InlineData("/nobodys", "ann", HttpStatusCode.Forbidden)]
    public async Task The_applications_authorization_comes_first(string path, string? user, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddTestUsers(),
            map: static app =>
            {
                app.MapHub<MembersHub>("/members");
                app.MapHub<NobodysHub>("/nobodys");
            });

        using var answer = await app.NegotiateAsync(path, with: request => As(request, user));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_over_4096_characters_is_413_and_names_the_size()
    {
        await using var app = await TestApp.StartAsync(static options => options.ClaimsProvider = static _ => [new Claim("large", new string('x', 5000))]);

        using var answer = await app.NegotiateAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Matches("has [0-9]{4,5} characters, more than the 4096 allowed", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_server_connection_it_is_500_with_the_reason()
    {
        await using var app = await TestApp.StartAsync();
        await app.Gateway.AcceptAsync();
        await app.Gateway.CrashAsync();
        await app.DisconnectedAsync();

        using var answer = await app.NegotiateAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("'chathub' has no server connection", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_go_to_a_primary_endpoint_and_to_a_secondary_one_only_without_it()
    {
        await using var second = await ScriptedGateway.StartAsync();
        await using var app = await TestApp.StartAsync(options =>
            options.Endpoints = [new Connections.TandemEndpoint(second.ConnectionString, Connections.EndpointType.Secondary, "second")]);
        await app.ConnectedAsync();

        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith(app.Gateway.Url, await UrlAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("2", Value(await TokenAsync(app), ServiceClaims.EndpointCount));
        await app.Gateway.CrashAsync();
        await Eventually.TrueAsync(() => UrlAsync().Result.StartsWith(second.Url, StringComparison.Ordinal), "the secondary endpoint");

        async Task<string> UrlAsync()
        {
            using var answer = await app.NegotiateAsync();
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        }
    }

    [Fact]
    public async Task Connecting_directly_is_refused_with_advice()
    {
        await using var app = await TestApp.StartAsync();

        using var answer = await app.Client.GetAsync(new Uri("/chat?id=1", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("skipNegotiation", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blazor_server_clients_stay_with_the_app_server_that_rendered_their_page()
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddServerSideBlazor(),
            map: static app => app.MapBlazorHub());
        var server = await app.Gateway.AcceptAsync();
        Assert.Equal("componenthub", server.Hub);

        var token = await TokenAsync(app, path: "/_blazor");

        Assert.Equal("Required", Value(token, ServiceClaims.ServerSticky));
        Assert.Equal(server.Headers[ServiceHeaders.ServerId], Value(token, ServiceClaims.ServerName));
    }

    [Fact]
    public async Task Negotiate_is_a_post()
    {
        await using var app = await TestApp.StartAsync();

        using var answer = await app.Client.GetAsync(new Uri("/chat/negotiate", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task Other_endpoints_of_the_application_are_left_alone()
    {
        await using var app = await TestApp.StartAsync(map: static app =>
        {
            app.MapGet("/hello", static () => "hi");
            app.MapHub<ChatHub>("/chat");
        });

        Assert.Equal("hi", await app.Client.GetStringAsync(new Uri("/hello", UriKind.Relative)));
    }

    private static string? Value(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    private static void As(HttpRequestMessage request, string? user)
    {
        if (user is not null)
        {
            request.Headers.Add(TestUsers.Header, user);
        }
    }

    private static async Task<JsonWebToken> TokenAsync(TestApp app, string? user = null, string query = "", string path = "/chat")
    {
        using var answer = await app.NegotiateAsync(path, query, request => As(request, user));
        return new JsonWebToken((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
    }

    private sealed class QueryUserIds : IUserIdProvider
    {
        public string? GetUserId(HubConnectionContext connection) => connection.GetHttpContext()!.Request.Query["who"];
    }
}
