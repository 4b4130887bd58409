using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Tandem.AppServer.Hubs;
using Tandem.Compat.Tests.LifeCycle;

namespace Tandem.Compat.Tests.DotNet;

public sealed class ConnectionTests(CompatStage compat)
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task The_client_connects_to_the_right_place(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        using var routes = new Routes();

        var client = await stage.ConnectAsync(
            build: builder => builder.ConfigureLogging(logging => logging.AddProvider(routes).SetMinimumLevel(LogLevel.Debug)));

        await client.SeesAsync(client.ConnectionId, "Welcome");
        Assert.NotEmpty(routes.Urls);
        Assert.All(routes.Urls, url =>
        {
            Assert.Equal(new Uri(compat.ConnectsTo).Authority, url.Authority);
            Assert.Equal(CompatStage.ThroughGateway ? "/client" : "/compat", url.AbsolutePath.TrimEnd('/'));
        });
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task The_hub_sees_the_request(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync(
            "compat?colour=gr%C3%BCn%20%26%20blau&user=ann", configure: options => options.Headers["X-Compat"] = "a header");

        var facts = await client.InvokeAsync<HttpFacts>("GetHttpFacts");

        Assert.Equal("/compat", facts.Path);
        Assert.Equal("grün & blau", facts.Colour);
        Assert.Equal("a header", facts.Header);
        Assert.True(facts.IsLoopback);
        if (CompatStage.ThroughGateway)
        {
            Assert.False(facts.HasAuthorizationHeader, "The access token must stay at the gateway.");
            Assert.DoesNotContain(facts.QueryKeys, key => key == "access_token" || key.StartsWith("asrs", StringComparison.Ordinal));
        }
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Hub_filters_run(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        Assert.Equal("connected, invoked", await client.InvokeAsync<string>("Stamped"));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Who_is_not_signed_in_is_refused(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => stage.ConnectAsync("members"));

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, error.StatusCode);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Who_may_not_is_refused(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => stage.ConnectAsAsync("ann", hub: "administrators"));

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, error.StatusCode);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_hub_that_does_not_exist_is_refused(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => stage.ConnectAsync("nowhere"));

        Assert.Equal(System.Net.HttpStatusCode.NotFound, error.StatusCode);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_user_with_too_many_claims_is_refused(string transport, string protocol)
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => stage.ConnectAsAsync(new string('a', 4200)));

        Assert.Equal(System.Net.HttpStatusCode.RequestEntityTooLarge, error.StatusCode);
    }

    [Fact]
    public async Task Who_skips_negotiate_is_told_so()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");
        using var http = new HttpClient { Timeout = Deadlines.Step };

        using var response = await http.GetAsync(new Uri($"{compat.AppUrl}/compat"), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("must negotiate first", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_vanishes_is_noticed()
    {
        await using var stage = new DotNetStage(compat.AppUrl, Combinations.WebSockets, Combinations.Json);
        var other = await stage.ConnectAsync();
        var raw = await RawClient.ConnectAsync($"{compat.AppUrl}/compat");
        var connectionId = await raw.ReadWelcomeAsync();

        await raw.DisposeAsync();

        await other.InvokeAsync<string>("WaitForEndOf", connectionId);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Claims_arrive_with_the_user(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var user = DotNetStage.Unique("ann");
        var ann = await stage.ConnectAsAsync(user, "administrator");

        var identity = await ann.InvokeAsync<Identity>("WhoAmI");

        Assert.Equal(user, identity.User);
        Assert.Equal(user, identity.Name);
        Assert.True(identity.IsAuthenticated);
        Assert.True(identity.IsAdministrator);
        Assert.Equal(["blue", "grün"], identity.Colours);
        Assert.DoesNotContain(identity.ClaimTypes, type => type.StartsWith("asrs", StringComparison.Ordinal));
        Assert.Equal("done", await ann.InvokeAsync<string>("Administrate"));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_method_refuses_who_may_not(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var ben = await stage.ConnectAsAsync(DotNetStage.Unique("ben"));

        var error = await Assert.ThrowsAsync<HubException>(() => ben.InvokeAsync("Administrate"));

        Assert.Contains("user is unauthorized", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task The_hub_closes_a_connection(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (client, other) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var connectionId = client.ConnectionId;

        await client.SendAsync("Abort");

        await client.ClosedAsync();
        Assert.Equal(HubConnectionState.Disconnected, client.Connection.State);
        Assert.Equal("", await other.InvokeAsync<string>("WaitForEndOf", connectionId));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_stops_in_good_order(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (client, other) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var connectionId = client.ConnectionId;

        await client.StopAsync();

        Assert.Null(await client.ClosedAsync());
        Assert.Equal("", await other.InvokeAsync<string>("WaitForEndOf", connectionId));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stopped_client_starts_again(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var first = client.ConnectionId;

        await client.StopAsync();
        await client.StartAsync();

        Assert.NotEqual(first, client.ConnectionId);
        Assert.Equal(5, await client.InvokeAsync<int>("Add", 2, 3));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Too_large_a_message_ends_its_connection(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (client, other) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var connectionId = client.ConnectionId;

        await Assert.ThrowsAnyAsync<Exception>(() => client.InvokeAsync("Echo", new string('x', 3 * 1024 * 1024)));

        await client.ClosedAsync();
        await other.InvokeAsync<string>("WaitForEndOf", connectionId);
        Assert.Equal(5, await other.InvokeAsync<int>("Add", 2, 3));
    }

    [Fact]
    public async Task Idle_clients_are_kept()
    {
        await using var stages = new StageList(compat.AppUrl, Combinations.All);
        var clients = await stages.ConnectAllAsync(builder =>
            builder.WithServerTimeout(TimeSpan.FromSeconds(3)).WithKeepAliveInterval(TimeSpan.FromSeconds(1)));

        // Longer than a client that hears nothing would stay.
        var firstClose = Task.WhenAny(clients.Select(client => client.Closed));
        await Assert.ThrowsAsync<TimeoutException>(() => firstClose.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));

        foreach (var client in clients)
        {
            Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
        }
    }

    [Fact]
    public async Task Binary_messages_over_a_text_transport_are_refused()
    {
        await using var stage = new DotNetStage(compat.AppUrl, Combinations.ServerSentEvents, Combinations.MessagePack);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => stage.ConnectAsync());

        const string Reason = "ServerSentEvents failed: The transport does not support the 'Binary' transfer format";
        Assert.Contains(Reason, error.Message, StringComparison.Ordinal);
    }
}
