using System.Net;
using System.Text.Json;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>What a client hears before it has a connection.</summary>
public sealed class NegotiateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("&negotiateVersion=0", 0)]
    [InlineData("&negotiateVersion=1", 1)]
    [InlineData("&negotiateVersion=7", 1)]
    [InlineData("&negotiateVersion=-1", 0)]
    [InlineData("&negotiateVersion=1&negotiateVersion=1", 1)]
    [InlineData("&negotiateVersion=1&negotiateVersion=0", 1)]
    [InlineData("&negotiateVersion=1&useStatefulReconnect=true", 1)]
    public async Task The_answer_has_the_shape_of_its_version(string query, int version)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);

        using var response = await client.NegotiateAsync(query);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var names = answer.RootElement.EnumerateObject().Select(property => property.Name);
        Assert.Equal(
            version == 0 ? ["negotiateVersion", "connectionId", "availableTransports"] : ["negotiateVersion", "connectionId", "connectionToken", "availableTransports"],
            names);
        Assert.Equal(version, answer.RootElement.GetProperty("negotiateVersion").GetInt32());
        Assert.Equal(
            """[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]""",
            answer.RootElement.GetProperty("availableTransports").GetRawText());
        Assert.Equal(version == 0, client.Id == client.ConnectionId);
        await client.ConnectAsync(RawTransport.WebSockets);
    }

    [Theory]
    [InlineData("&negotiateVersion=one")]
    [InlineData("&negotiateVersion=")]
    [InlineData("&negotiateVersion=1.5")]
    [InlineData("&negotiateVersion=99999999999")]
    public async Task A_version_that_is_no_number_is_refused(string query)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);

        using var response = await client.NegotiateAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("negotiateVersion", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/client/negotiate?negotiateVersion=1")]
    [InlineData("/client/negotiate?hub=&negotiateVersion=1")]
    [InlineData("/client/negotiate?hub=other&hub=chat")]
    public async Task The_first_hub_must_be_that_of_the_token(string url)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);

        using var response = await client.RequestAsync(HttpMethod.Post, url);

        // The token is for one hub, and the request does not name that one.
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("hub", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Parameters_of_the_user_may_be_named_like_ours()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);

        using var response = await client.RequestAsync(HttpMethod.Post, "/client/negotiate?hub=chat&hub=mine&id=42");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(1, "WebSockets")]
    [InlineData(2, "ServerSentEvents")]
    [InlineData(4, "LongPolling")]
    [InlineData(6, "ServerSentEvents,LongPolling")]
    [InlineData(7, "WebSockets,ServerSentEvents,LongPolling")]
    [InlineData(0, "WebSockets,ServerSentEvents,LongPolling")]
    [InlineData(8, "WebSockets,ServerSentEvents,LongPolling")]
    public async Task Only_the_transports_of_the_token_are_offered_and_others_are_refused(int mask, string offered)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: new() { ["asrs.s.htt"] = mask });

        using var response = await client.NegotiateAsync();

        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var names = answer.RootElement.GetProperty("availableTransports").EnumerateArray().Select(transport => transport.GetProperty("transport").GetString());
        Assert.Equal(offered, string.Join(',', names));
        if (!offered.Contains("WebSockets"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, await client.RefusedWebSocketAsync());
            var id = client.Id;
            client.Id = null;
            Assert.Equal(HttpStatusCode.Forbidden, await client.RefusedWebSocketAsync());
            client.Id = id;
        }

        if (!offered.Contains("ServerSentEvents"))
        {
            using var stream = await client.RequestAsync(HttpMethod.Get, client.Url(), accept: "text/event-stream");
            Assert.Equal(HttpStatusCode.Forbidden, stream.StatusCode);
            Assert.Contains("ServerSentEvents", await stream.Content.ReadAsStringAsync());
        }

        if (!offered.Contains("LongPolling"))
        {
            using var poll = await client.PollAsync();
            Assert.Equal(HttpStatusCode.Forbidden, poll.StatusCode);
        }

        // Refusals have not used the connection up.
        await client.ConnectAsync(Enum.Parse<RawTransport>(offered.Split(',')[0]));
    }

    [Fact]
    public async Task A_client_that_comes_before_its_app_server_waits_and_is_then_told_to_come_back()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        gateway.Log.Expect("Refused");
        await using var client = CoreSession.NewClient(gateway);

        var started = gateway.Time!.GetTimestamp();
        var negotiate = client.NegotiateAsync();
        await Eventually.TrueAsync(() => negotiate.IsCompleted, "the answer comes", () => gateway.Advance(TimeSpan.FromSeconds(1)));

        using var response = await negotiate;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.Contains("No app server", await response.Content.ReadAsStringAsync());
        Assert.True(gateway.Time.GetElapsedTime(started) >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_client_that_comes_before_its_app_server_is_served_when_that_comes_in_time()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        await using var client = CoreSession.NewClient(gateway);

        var negotiate = client.NegotiateAsync();
        var server = await gateway.ConnectServerAsync();

        using var response = await negotiate.Within();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await client.ConnectAsync(RawTransport.WebSockets);
        await using var session = await CoreSession.ShakeHandsAsync(client, server);
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Negotiated_connections_are_limited_and_make_room_when_they_are_used_or_forgotten()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Core:MaxNegotiated=2");
        var server = await gateway.ConnectServerAsync();
        await using var first = CoreSession.NewClient(gateway);
        await using var second = CoreSession.NewClient(gateway);
        await using var third = CoreSession.NewClient(gateway);
        (await first.NegotiateAsync()).Dispose();
        (await second.NegotiateAsync()).Dispose();

        await RefusedAsync(third);

        await first.ConnectAsync(RawTransport.WebSockets);
        await using var session = await CoreSession.ShakeHandsAsync(first, server);
        using (var response = await third.NegotiateAsync())
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await using var fourth = CoreSession.NewClient(gateway);
        await RefusedAsync(fourth);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await fourth.RefusedWebSocketAsync());
        gateway.Advance(TimeSpan.FromSeconds(15));
        for (var i = 0; i < 2; i++)
        {
            using var response = await fourth.NegotiateAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await RefusedAsync(fourth);
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_connection_that_has_not_shaken_hands_takes_one_of_the_places()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Core:MaxNegotiated=2");
        var server = await gateway.ConnectServerAsync();
        await using var direct = CoreSession.NewClient(gateway);
        await direct.ConnectAsync(RawTransport.WebSockets);
        await using var stream = CoreSession.NewClient(gateway);
        await stream.StartAsync(RawTransport.ServerSentEvents);
        await using var third = CoreSession.NewClient(gateway);

        await RefusedAsync(third);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await third.RefusedWebSocketAsync());

        await using var session = await CoreSession.ShakeHandsAsync(direct, server);
        gateway.Advance(TimeSpan.FromSeconds(16));
        await stream.Ended;
        for (var i = 0; i < 2; i++)
        {
            using var response = await third.NegotiateAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await RefusedAsync(third);
    }

    [Fact]
    public async Task A_full_node_says_so_before_it_takes_another_client()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Limits:MaxConnections=1");
        gateway.Log.Expect("Refused");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server);
        await using var late = CoreSession.NewClient(gateway);

        await RefusedAsync(late);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await late.RefusedWebSocketAsync());
        await session.AssertAliveAsync();

        await session.Client.CloseAsync();
        await session.TakeCloseAsync();
        using var response = await late.NegotiateAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_draining_node_takes_nobody()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Drain:Delay=00:00:20");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server);
        await using var negotiated = CoreSession.NewClient(gateway);
        await negotiated.StartAsync(RawTransport.WebSockets);
        await using var late = CoreSession.NewClient(gateway);

        var stopping = gateway.App.StopAsync();

        await RefusedAsync(late, "shutting down");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await late.RefusedWebSocketAsync());
        await negotiated.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Contains("shutting down", await negotiated.TakeAsync());
        await session.AssertAliveAsync();

        gateway.Time!.Advance(TimeSpan.FromSeconds(20));
        await stopping.Within();
    }

    private static async Task RefusedAsync(RawCoreClient client, string text = "no room")
    {
        using var response = await client.NegotiateAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.Contains(text, await response.Content.ReadAsStringAsync());
    }
}
