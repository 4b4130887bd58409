using System.Net;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Tandem.AppServer.Hubs;
using Tandem.Compat.Tests.DotNet;

namespace Tandem.Compat.Tests.Negotiation;

/// <summary>What an application says about its clients at negotiate, seen from the clients.</summary>
public sealed class NegotiationTests(NegotiationStage stage) : IClassFixture<NegotiationStage>
{
    private static readonly (string, string)[] EventStream = [("Accept", "text/event-stream")];
    private static readonly (string, string)[] Poll = [];

    private static readonly (string, string)[] WebSocket =
    [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];

    [Theory]
    [InlineData("ServerSentEvents,LongPolling", "ServerSentEvents")]
    [InlineData("LongPolling", "LongPolling")]
    [InlineData("WebSockets", "WebSockets")]
    public async Task A_client_takes_a_transport_it_may_use(string allowed, string taken)
    {
        SkipSelfHosted();
        using var routes = new Routes();
        var connection = new HubConnectionBuilder()
            .WithUrl($"{stage.AppServer.Url}/compat?transports={allowed}")
            .ConfigureLogging(logging => logging.AddProvider(routes).SetMinimumLevel(LogLevel.Debug))
            .Build();
        await using var client = new DotNetClient(connection);

        await client.StartAsync();

        Assert.Equal([taken], routes.Transports);
        Assert.Equal(5, await client.InvokeAsync<int>("Add", 2, 3));
    }

    [Fact]
    public async Task A_transport_that_is_not_allowed_is_forbidden_whoever_asks()
    {
        SkipSelfHosted();

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("ServerSentEvents,LongPolling", WebSocket));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("WebSockets,LongPolling", EventStream));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("WebSockets,ServerSentEvents", Poll));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("LongPolling", Poll));

        async Task<HttpStatusCode> AskAsync(string allowed, (string, string)[] headers)
        {
            var redirect = await Redirect.OfAsync($"{stage.AppServer.Url}/compat?transports={allowed}");
            using var response = await redirect.ConnectAsync(await redirect.GetConnectionTokenAsync(), headers);
            return response.StatusCode;
        }
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_has_the_claims_its_application_chose(string transport, string protocol)
    {
        SkipSelfHosted();
        await using var clients = new DotNetStage(stage.AppServer.Url, transport, protocol);
        var user = DotNetStage.Unique("ann");

        var ann = await clients.ConnectAsAsync(user, hub: "members?claim=colour:violet&claim=shoe%20size:42");
        var identity = await ann.InvokeAsync<Identity>("WhoAmI");

        Assert.Equal(user, identity.User);
        Assert.Equal(["violet"], identity.Colours);
        Assert.Contains("shoe size", identity.ClaimTypes);
        Assert.False(identity.IsAdministrator);
    }

    [Fact]
    public async Task Polls_of_a_client_end_as_often_as_its_application_says()
    {
        SkipSelfHosted();
        await using var clients = new DotNetStage(stage.AppServer.Url, Combinations.LongPolling, Combinations.Json);
        var polls = new EmptyPolls();

        var client = await clients.ConnectAsync(configure: options => options.HttpMessageHandlerFactory = polls.Watch);

        // Without the setting a poll takes longer than the deadline.
        await polls.Several.Within("empty polls");
        Assert.Equal(5, await client.InvokeAsync<int>("Add", 2, 3));
    }

    [Fact]
    public async Task A_client_that_must_stay_with_an_app_server_that_is_gone_is_told_so()
    {
        SkipSelfHosted();
        var before = await stage.Gateway.CountServerConnectionsAsync();
        await using var sticky = AppServerProcess.OfScenarios(stage.Gateway, "--Tandem:ServerStickyMode=Required");
        await sticky.StartAsync();
        await sticky.UntilHealthyAsync();
        var redirect = await Redirect.OfAsync($"{sticky.Url}/compat");
        await using var clients = new DotNetStage(sticky.Url, Combinations.WebSockets, Combinations.Json);
        await clients.ConnectAsync(url: redirect.Url, configure: options => options.AccessTokenProvider = () => Task.FromResult<string?>(redirect.AccessToken));

        await sticky.KillAsync();
        await stage.Gateway.UntilServerConnectionsAsync(before);

        // There is another app server of the same hub, but it is not the one.
        using var refusal = await redirect.NegotiateAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.NotNull(refusal.Headers.RetryAfter);
        var text = await refusal.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("The app server this client must stay with is not connected. Negotiate with the application again.", text);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => clients.ConnectAsync(
            url: redirect.Url, configure: options => options.AccessTokenProvider = () => Task.FromResult<string?>(redirect.AccessToken)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
    }

    private static void SkipSelfHosted() => Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
}
