using System.Net;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>What a request gets that is not as it should be: the table of ASP.NET SignalR, row by row.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private ClassicAppServer _server = null!;
    private RawClassicClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _server = await ClassicAppServer.ConnectAsync(_gateway);
        _client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient()) { Transport = "serverSentEvents" };
        await _client.NegotiateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("connect?clientProtocol=2.1&connectionToken=TOKEN", 400, "Protocol error: Unknown transport.")]
    [InlineData("connect?transport=carrierPigeon&connectionToken=TOKEN", 400, "Protocol error: Unknown transport.")]
    [InlineData("start?connectionToken=TOKEN", 400, "Protocol error: Unknown transport.")]
    [InlineData("", 400, "Protocol error: Unknown transport.")]
    [InlineData("foo", 400, "Protocol error: Unknown transport.")]
    [InlineData("negotiate/", 400, "Protocol error: Unknown transport.")]
    [InlineData("connect?transport=serverSentEvents", 400, "Protocol error: Missing connection token.")]
    [InlineData("connect?transport=serverSentEvents&connectionToken=", 400, "Protocol error: Missing connection token.")]
    [InlineData("connect?transport=serverSentEvents&connectionToken=garbage", 400, "The ConnectionId is in the incorrect format.")]
    [InlineData("connect?transport=serverSentEvents&connectionToken=TOKENx", 400, "The ConnectionId is in the incorrect format.")]
    [InlineData("send?transport=longPolling&connectionToken=xTOKEN", 400, "The ConnectionId is in the incorrect format.")]
    [InlineData("connect?transport=webSockets&connectionToken=TOKEN", 400, "Not a valid web socket request.")]
    [InlineData("connect?transport=WEBSOCKETS&connectionToken=TOKEN", 400, "Not a valid web socket request.")]
    [InlineData("send?transport=webSockets&connectionToken=TOKEN", 400, "Not a valid web socket request.")]
    [InlineData("connect?transport=foreverFrame&connectionToken=TOKEN&frameId=1", 400, "The foreverFrame transport is not available here. Use webSockets, serverSentEvents or longPolling.")]
    [InlineData("negotiate?connectionData=x", 400, "The connectionData is not a JSON list of hubs.")]
    [InlineData("negotiate?connectionData=[{\"name\":\"a\"},{\"name\":\"A\"}]", 400, "The connectionData names a hub twice.")]
    public async Task A_request_that_makes_no_sense_is_refused(string url, int status, string text)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var response = await _client.RequestAsync(method, "/aspnetclient/" + url.Replace("TOKEN", _client.ConnectionToken, StringComparison.Ordinal));

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(text, await response.Content.ReadAsStringAsync());
            Assert.Null(response.Content.Headers.ContentType);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task The_root_is_answered_without_a_slash_too()
    {
        using var response = await _client.RequestAsync(HttpMethod.Get, "/aspnetclient");
        Assert.Equal("Protocol error: Unknown transport.", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("negotiate")]
    [InlineData("ping")]
    [InlineData("hubs")]
    [InlineData("connect")]
    public async Task Jsonp_is_refused_with_its_phrase_before_anything_else(string suffix)
    {
        _client.Token = null;
        using var response = await _client.RequestAsync(HttpMethod.Get, $"/aspnetclient/{suffix}?callback=cb");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("Forbidden: JSONP is disabled.", response.ReasonPhrase);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("X-Content-Type-Options"));
    }

    [Fact]
    public async Task An_empty_callback_is_none()
    {
        using var response = await _client.RequestAsync(HttpMethod.Get, "/aspnetclient/ping?callback=");
        Assert.Equal("""{ "Response": "pong" }""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null, "ann")]
    [InlineData("ann", null)]
    [InlineData("ann", "bob")]
    public async Task A_token_of_another_user_is_refused(string? negotiator, string? user)
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(user: negotiator)) { Transport = "serverSentEvents" };
        await client.NegotiateAsync();
        client.Token = _gateway.Tokens.ClassicClient(user: user);

        foreach (var suffix in new[] { "connect", "start", "send", "abort", "reconnect" })
        {
            using var response = await client.RequestAsync(HttpMethod.Post, client.Url(suffix));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal(
                "Unrecognized user identity.  The user identity cannot change during an active SignalR connection.", await response.Content.ReadAsStringAsync());
            Assert.Null(response.Content.Headers.ContentType);
        }
    }

    [Fact]
    public async Task The_case_of_a_user_does_not_matter()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(user: "ann")) { Transport = "serverSentEvents" };
        await client.NegotiateAsync();
        client.Token = _gateway.Tokens.ClassicClient(user: "ANN");
        Assert.Equal("""{ "Response": "started" }""", await client.StartAsync());
    }

    [Fact]
    public async Task A_token_of_another_application_is_foreign()
    {
        await using var bank = await ClassicAppServer.ConnectAsync(_gateway, "bank");
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient("bank")) { Transport = "serverSentEvents", ConnectionToken = _client.ConnectionToken };

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("connect"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("The ConnectionId is in the incorrect format.", refused.Message);
    }

    [Fact]
    public async Task A_client_without_a_good_access_token_gets_401_except_for_pings_and_scripts()
    {
        foreach (var token in new[] { null, "rubbish", _gateway.Tokens.Client(), _gateway.Tokens.ClassicServer("shop_shop") })
        {
            _client.Token = token;
            foreach (var suffix in new[] { "negotiate", "connect", "start", "send", "abort", "poll", "" })
            {
                using var response = await _client.RequestAsync(HttpMethod.Post, _client.Url(suffix));
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            }

            Assert.Equal("""{ "Response": "pong" }""", await _client.GetAsync("ping"));
            Assert.StartsWith("throw new Error('", await _client.GetAsync("hubs"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_without_an_application_is_refused()
    {
        _client.Token = _gateway.Tokens.Create("http://any.example/aspnetclient");
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<HttpRequestException>(_client.NegotiateAsync)).StatusCode);
    }

    [Fact]
    public async Task Transports_the_token_does_not_allow_are_refused_and_not_offered()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(claims: new() { ["asrs.s.htt"] = "4" })) { Transport = "serverSentEvents" };
        Assert.False((await client.NegotiateAsync()).GetProperty("TryWebSockets").GetBoolean());
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("connect"))).StatusCode);
        client.Transport = "longPolling";
        await using var stream = await client.ConnectAsync();
    }

    [Theory]
    [InlineData("", "The data is not a JSON object, or nested too deeply.")]
    [InlineData("{", "The data is not a JSON object, or nested too deeply.")]
    [InlineData(null, "The form has no field 'data'.")]
    public async Task A_post_without_a_call_is_refused(string? data, string text)
    {
        await _client.StartAsync();
        using var response = data is null ? await _client.RequestAsync(HttpMethod.Post, _client.Url("send")) : await _client.SendAsync(data);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(text, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("negotiate", "2.1", "2.0")]
    [InlineData("NEGOTIATE", "1.5", "1.5")]
    [InlineData("x/y/negotiate", null, "1.2")]
    public async Task Negotiate_is_found_by_the_end_of_its_path_whatever_the_verb(string suffix, string? protocol, string version)
    {
        foreach (var method in new[] { "GET", "POST", "OPTIONS", "BREW" })
        {
            using var response = await _client.RequestAsync(new HttpMethod(method), $"/aspnetclient/{suffix}?clientProtocol={protocol}");
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
            Assert.Contains($"\"ProtocolVersion\":\"{version}\"", text, StringComparison.Ordinal);
            var url = suffix switch { "negotiate" => "/aspnetclient", "NEGOTIATE" => "/aspnetclient/NEGOTIATE", _ => "/aspnetclient/x/y" };
            Assert.StartsWith($"{{\"Url\":\"{url}\",", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Negotiate_without_an_app_server_is_refused_in_time()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Limits:WaitForServer=00:00:00");
        gateway.Log.Expect("Refused");
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_origin_may_connect()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, _client.Url("send"));
        preflight.Headers.Add("Origin", "https://page.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var allowed = await _gateway.Http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("https://page.example", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));

        _client.Headers["Origin"] = "https://page.example";
        using var answer = await _client.RequestAsync(HttpMethod.Get, _client.Url("negotiate"));
        Assert.Equal("true", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData("negotiate")]
    [InlineData("connect")]
    public async Task Hubs_are_named_once(string suffix)
    {
        // What the gateway takes for the client's hubs must be what the app server authorizes.
        using var response = await _client.RequestAsync(HttpMethod.Get, _client.Url(suffix, more: "&ConnectionData=" + Uri.EscapeDataString("""[{"name":"admin"}]""")));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("There is more than one connectionData.", await response.Content.ReadAsStringAsync());
    }
}
