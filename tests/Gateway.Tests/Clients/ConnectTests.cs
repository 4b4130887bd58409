using System.Net;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Which requests belong to a connection, and which are refused.</summary>
public sealed class ConnectTests
{
    public static TheoryData<RawTransport> Transports => [RawTransport.WebSockets, RawTransport.ServerSentEvents, RawTransport.LongPolling];

    [Fact]
    public async Task Requests_of_a_connection_nobody_knows_are_answered_404()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var client = CoreSession.NewClient(gateway);
        client.Id = "nobody";

        await RefusedEverywhereAsync(client, HttpStatusCode.NotFound, "Negotiate again");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&id=")]
    [InlineData("&id=a&id=")]
    public async Task Requests_that_name_no_connection_are_answered_400(string query)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var client = CoreSession.NewClient(gateway);
        client.Query = query;

        using var poll = await client.PollAsync();
        using var stream = await client.RequestAsync(HttpMethod.Get, client.Url(), accept: "text/event-stream");
        using var post = await client.PostAsync("x");
        using var delete = await client.DeleteAsync();

        foreach (var response in new[] { poll, stream, post, delete })
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("'id'", await response.Content.ReadAsStringAsync());
        }

        if (query.Length > 0)
        {
            Assert.Equal(HttpStatusCode.BadRequest, await client.RefusedWebSocketAsync());
        }
    }

    [Fact]
    public async Task The_connection_of_another_hub_is_answered_404()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await using var intruder = CoreSession.NewClient(gateway, "other");
        intruder.Id = client.Id;

        await RefusedEverywhereAsync(intruder, HttpStatusCode.NotFound, "no connection with that id");
    }

    [Theory]
    [InlineData("bob")]
    [InlineData(null)]
    public async Task The_connection_of_another_user_is_answered_403(string? user)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: new() { ["nameid"] = "alice" });
        (await client.NegotiateAsync()).Dispose();
        await using var intruder = CoreSession.NewClient(gateway, claims: user is null ? null : new() { ["nameid"] = user });
        intruder.Id = client.Id;

        await RefusedEverywhereAsync(intruder, HttpStatusCode.Forbidden, "another user");
        await client.ConnectAsync(RawTransport.LongPolling);
    }

    [Fact]
    public async Task Another_token_of_the_same_user_is_good()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.LongPolling, claims: new() { ["nameid"] = "alice" });

        session.Client.Token = gateway.Tokens.Client(claims: new() { ["asrs.s.uid"] = "alice", ["nbf2"] = "x" });

        await session.AssertAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_connection_has_one_transport_for_good(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport);
        var client = session.Client;

        Assert.Equal(HttpStatusCode.Conflict, await client.RefusedWebSocketAsync());
        using var stream = await client.RequestAsync(HttpMethod.Get, client.Url(), accept: "text/event-stream");
        Assert.Equal(HttpStatusCode.Conflict, stream.StatusCode);
        if (transport != RawTransport.LongPolling)
        {
            using var poll = await client.PollAsync();
            Assert.Equal(HttpStatusCode.Conflict, poll.StatusCode);
            using var delete = await client.DeleteAsync();
            Assert.Equal(HttpStatusCode.BadRequest, delete.StatusCode);
        }

        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Messages_have_to_wait_for_the_receiving_side()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();

        using var post = await client.PostAsync("""{"protocol":"json","version":1}""" + RawCoreClient.RecordSeparator);
        Assert.Equal(HttpStatusCode.Conflict, post.StatusCode);
        Assert.Contains("receiving side", await post.Content.ReadAsStringAsync());
        using var delete = await client.DeleteAsync();
        Assert.Equal(HttpStatusCode.BadRequest, delete.StatusCode);

        await client.ConnectAsync(RawTransport.ServerSentEvents);
        await using var session = await CoreSession.ShakeHandsAsync(client, server);
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Messages_of_a_websocket_are_not_taken_by_post()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server);

        using var post = await session.Client.PostAsync("{}" + RawCoreClient.RecordSeparator);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        await session.AssertAliveAsync();
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_negotiated_connection_is_forgotten_when_no_transport_comes()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await using var other = CoreSession.NewClient(gateway);
        (await other.NegotiateAsync()).Dispose();

        gateway.Advance(TimeSpan.FromSeconds(14));
        await other.ConnectAsync(RawTransport.WebSockets);
        gateway.Advance(TimeSpan.FromSeconds(1));

        await RefusedEverywhereAsync(client, HttpStatusCode.NotFound, "Negotiate again");
        Assert.False(other.HasEnded);
    }

    [Fact]
    public async Task A_websocket_needs_no_negotiate_and_its_token_may_be_in_the_query()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        client.TokenInQuery = true;
        await client.ConnectAsync(RawTransport.WebSockets);

        await using var session = await CoreSession.ShakeHandsAsync(client, server);

        await session.AssertAliveAsync();
        Assert.Equal("?hub=chat", session.Opened.QueryString);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Every_request_may_carry_its_token_in_the_query(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        client.TokenInQuery = true;
        await client.StartAsync(transport);

        await using var session = await CoreSession.ShakeHandsAsync(client, server);

        await session.AssertAliveAsync();
    }

    [Theory]
    [InlineData(RawTransport.ServerSentEvents)]
    [InlineData(RawTransport.LongPolling)]
    public async Task A_connection_outlives_the_token_it_began_with(RawTransport transport)
    {
        // Clients get one token from their app and have no way to a newer one while they are connected.
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:Timeout=00:10:00", "Tandem:Core:DisconnectTimeout=00:05:00", "Tandem:Core:KeepAliveInterval=01:00:00");
        var server = await gateway.ConnectServerAsync();
        await using var client = new RawCoreClient(
            gateway.Url, gateway.Tokens.Create("http://any.example/client/?hub=chat", expiresIn: TimeSpan.FromMinutes(1)));
        await client.StartAsync(transport);
        await using var session = await CoreSession.ShakeHandsAsync(client, server);

        // In large steps: nobody's time-outs are of interest here.
        for (var i = 0; i < 3; i++)
        {
            gateway.Time!.Advance(TimeSpan.FromMinutes(2.5));
            await session.AssertAliveAsync();
        }

        using var anew = await client.RequestAsync(HttpMethod.Post, client.Url("/client/negotiate", withId: false));
        Assert.Equal(HttpStatusCode.Unauthorized, anew.StatusCode);
        using var sneaky = await client.RequestAsync(HttpMethod.Post, client.Url("/client/negotiate"));
        Assert.Equal(HttpStatusCode.Unauthorized, sneaky.StatusCode);
    }

    [Fact]
    public async Task Pages_of_other_origins_may_use_every_endpoint_and_see_why_they_are_refused()
    {
        const string Page = "https://app.example.org";
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        client.Headers["Origin"] = Page;
        await client.StartAsync(RawTransport.LongPolling);
        await using var session = await CoreSession.OpenAsync(client, server);
        var token = client.Token;

        using var negotiate = await client.RequestAsync(HttpMethod.Post, client.Url("/client/negotiate", withId: false));
        using var post = await client.PostAsync("{}" + RawCoreClient.RecordSeparator);
        using var delete = await client.DeleteAsync();
        client.Token = "rubbish";
        using var unauthorized = await client.PollAsync();
        client.Token = token;
        client.Id = "nobody";
        using var unknown = await client.PollAsync();

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound],
            new[] { negotiate, post, delete, unauthorized, unknown }.Select(response => response.StatusCode));
        foreach (var response in new[] { negotiate, post, delete, unauthorized, unknown })
        {
            Assert.Equal(Page, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
        }
    }

    private static async Task RefusedEverywhereAsync(RawCoreClient client, HttpStatusCode status, string text)
    {
        using var poll = await client.PollAsync();
        using var stream = await client.RequestAsync(HttpMethod.Get, client.Url(), accept: "text/event-stream");
        using var post = await client.PostAsync("x");
        using var delete = await client.DeleteAsync();
        foreach (var response in new[] { poll, stream, post, delete })
        {
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(text, await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(status, await client.RefusedWebSocketAsync());
    }
}
