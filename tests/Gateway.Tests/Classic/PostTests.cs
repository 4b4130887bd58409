using System.Net;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>Calls by POST, and polls.</summary>
public sealed class PostTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private ClassicAppServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync("Tandem:Classic:MaxPendingSends=3", "Tandem:Classic:MaxSendBytes=20000");
        _server = await ClassicAppServer.ConnectAsync(_gateway);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_net_client_posts_without_a_content_type()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        using var content = new ByteArrayContent("data=%7b%22H%22%3a%22chat%22%2c%22M%22%3a%22echo%22%2c%22A%22%3a%5b%22a+b%c3%bc%22%5d%2c%22I%22%3a%220%22%7d"u8.ToArray());
        var posting = session.Client.RequestAsync(HttpMethod.Post, session.Client.Url("send"), content);

        Assert.Equal("""{"H":"chat","M":"echo","A":["a bü"],"I":"0"}""", await _server.EchoAsync(session.Id));
        using var post = await posting;
        Assert.Equal("""{"R":"a bü","I":"0"}""", await post.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_polls_may_call_in_the_query()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "longPolling");
        var data = Uri.EscapeDataString("""{"H":"chat","M":"echo","A":["q"],"I":8}""");
        var getting = session.Client.RequestAsync(HttpMethod.Get, session.Client.Url("send", more: "&data=" + data));
        await _server.EchoAsync(session.Id);
        using var answer = await getting;
        Assert.Equal("""{"R":"q","I":"8"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Calls_are_answered_each_in_its_own_post_whatever_the_order_of_results()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "longPolling");
        var posts = Enumerable.Range(0, 3).Select(id => session.Client.SendAsync($$"""{"H":"chat","M":"m","A":[],"I":{{id}}}""")).ToArray();
        for (var i = 0; i < 3; i++)
        {
            await _server.TakeDataAsync(session.Id);
        }

        using (var fourth = await session.Client.SendAsync("""{"H":"chat","M":"m","A":[],"I":9}"""))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);
        }

        foreach (var id in new[] { 2, 0, 1 })
        {
            await _server.SendAsync(session.Id, $$"""{"R":{{id}},"I":"{{id}}"}""");
        }

        for (var id = 0; id < 3; id++)
        {
            using var post = await posts[id].Within();
            Assert.Equal($$"""{"R":{{id}},"I":"{{id}}"}""", await post.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_call_with_progress_gets_its_result_behind_it_and_its_post_an_answer_that_clients_can_parse(string transport)
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, transport);
        var posting = session.Client.SendAsync("""{"H":"chat","M":"work","A":[],"I":5}""");
        await _server.TakeDataAsync(session.Id);
        await _server.SendAsync(session.Id, """{"C":"0","M":[{"I":"P|5","P":{"I":"5","D":50}}]}""");
        await _server.SendAsync(session.Id, """{"R":"done","I":"5"}""");

        using var post = await posting.Within();
        Assert.Equal("application/json; charset=UTF-8", post.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"I":"P|"}""", await post.Content.ReadAsStringAsync());
        Assert.Equal("""{"I":"P|5","P":{"I":"5","D":50}}""", await session.Stream.TakeItemAsync());
        Assert.Equal("""{"R":"done","I":"5"}""", await session.Stream.TakeItemAsync());
    }

    [Fact]
    public async Task A_call_without_an_id_gets_the_result_without_one()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "longPolling");
        var posting = session.Client.SendAsync("""{"H":"chat","M":"echo","A":["x"]}""");
        await _server.TakeDataAsync(session.Id);
        await _server.SendAsync(session.Id, """{"R":"x","I":null}""");
        using var post = await posting.Within();
        Assert.Equal("""{"R":"x","I":null}""", await post.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_result_is_passed_on_however_deeply_it_is_nested()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        var posting = session.Client.SendAsync("""{"H":"chat","M":"m","A":[],"I":4}""");
        await _server.TakeDataAsync(session.Id);
        var result = $$"""{"R":{{new string('[', 3000)}}{{new string(']', 3000)}},"I":"4"}""";

        await _server.SendAsync(session.Id, result);

        using var post = await posting.Within();
        Assert.Equal(result, await post.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    public async Task A_result_that_makes_no_sense_is_dropped_and_not_in_silence(string transport)
    {
        _gateway.Log.Expect("BadResult");
        await using var session = await ClassicSession.StartAsync(_gateway, _server, transport);

        await _server.SendAsync(session.Id, """{"R":[[[,"I":"4"}""");

        await session.AssertAliveAsync();
        Assert.Contains(_gateway.Log.Entries, entry => entry.EventName == "BadResult");
    }

    [Fact]
    public async Task Messages_of_a_PersistentConnection_that_wait_for_an_app_server_are_bounded_like_calls()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient(claims: new() { [ServiceClaims.Endpoint] = "/raw" }))
        {
            ConnectionData = null,
        };
        await using var stream = await client.BeginAsync("serverSentEvents");
        await _server.TakeOpenAsync(client.ConnectionId);
        await _server.Application.CloseAsync();
        await stream.Ended.Within();

        var posts = Enumerable.Range(0, 4).Select(number => client.SendAsync($"text {number}")).ToList();
        var refused = await Task.WhenAny(posts).Within();
        posts.Remove(refused);
        using (var answer = await refused)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        }

        await using var next = await ClassicAppServer.ConnectAsync(_gateway);
        foreach (var post in posts)
        {
            using var answer = await post.Within();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_result_nobody_waits_for_comes_among_the_messages(string transport)
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, transport);
        using var giveUp = new CancellationTokenSource();
        var posting = session.Client.SendAsync("""{"H":"chat","M":"slow","A":[],"I":4}""", giveUp.Token);
        await _server.TakeDataAsync(session.Id);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
        await Eventually.TrueAsync(() => _gateway.Log.Entries.Any(entry => entry.EventName == "CallAbandoned"), "the gateway notices");

        await _server.SendAsync(session.Id, """{"R":"late","I":"4"}""");

        Assert.Equal("""{"R":"late","I":"4"}""", await session.Stream.TakeItemAsync());
    }

    [Fact]
    public async Task A_call_that_waits_learns_that_the_app_server_is_gone()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        var posting = session.Client.SendAsync("""{"H":"chat","M":"slow","A":[],"I":4}""");
        await _server.TakeDataAsync(session.Id);

        await _server.Application.CloseAsync();

        using var post = await posting.Within();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, post.StatusCode);
    }

    [Fact]
    public async Task A_call_that_waits_ends_with_its_connection()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        var posting = session.Client.SendAsync("""{"H":"chat","M":"slow","A":[],"I":4}""");
        await _server.TakeDataAsync(session.Id);

        await session.Client.AbortAsync();

        using var post = await posting.Within();
        Assert.Equal(HttpStatusCode.OK, post.StatusCode);
        Assert.Empty(await post.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        using var post = await session.Client.SendAsync(new string('x', 30_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, post.StatusCode);

        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("data=" + new string('x', 30_000))));
        using var request = new HttpRequestMessage(HttpMethod.Post, session.Client.Url("send")) { Content = chunked };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + session.Client.Token);
        using var refused = await session.Client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);

        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task The_second_of_two_polls_takes_the_place_of_the_first()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient()) { Transport = "longPolling" };
        await client.NegotiateAsync();
        using var connect = await client.PollAsync("connect");
        await client.StartAsync();
        var polls = Enumerable.Range(0, 5).Select(_ => client.PollAsync()).ToList();
        while (polls.Count > 1)
        {
            var first = await Task.WhenAny(polls).Within();
            polls.Remove(first);
            using var answer = await first;
            Assert.EndsWith("\"M\":[]}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await _server.InvokeAsync(client.ConnectionId, "say", "last");
        using var last = await polls[0].Within();
        Assert.Contains("last", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abort_answers_a_poll_that_waits()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient()) { Transport = "longPolling" };
        await client.NegotiateAsync();
        using var connect = await client.PollAsync("connect");
        await client.StartAsync();
        var poll = client.PollAsync();
        await Eventually.TrueAsync(() => _gateway.Log.Entries.Count(entry => entry.EventName == "StreamOpened") > 1, "the poll begins");

        await client.AbortAsync();

        using var answer = await poll.Within();
        Assert.Matches("""^\{"C":"[^"]+","M":\[\]\}$""", await answer.Content.ReadAsStringAsync());
        await _server.TakeCloseAsync(client.ConnectionId);
    }

    [Fact]
    public async Task Clients_before_1_4_start_when_they_connect()
    {
        foreach (var transport in new[] { "serverSentEvents", "webSockets", "longPolling" })
        {
            await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient()) { Transport = transport, Protocol = null };
            await client.NegotiateAsync();
            await using var stream = await client.ConnectAsync();
            await _server.TakeOpenAsync(client.ConnectionId);
            await _server.InvokeAsync(client.ConnectionId, "say", "hello");
            Assert.Contains("hello", await stream.TakeItemAsync(), StringComparison.Ordinal);
            await client.AbortAsync();
            await _server.TakeCloseAsync(client.ConnectionId);
        }
    }

    [Fact]
    public async Task Start_works_before_connect_and_only_once()
    {
        await using var client = new RawClassicClient(_gateway.Url, _gateway.Tokens.ClassicClient()) { Transport = "serverSentEvents" };
        await client.NegotiateAsync();
        await client.StartAsync();
        await client.StartAsync();
        await _server.TakeOpenAsync(client.ConnectionId);
        await using var stream = await client.ConnectAsync();
        await _server.InvokeAsync(client.ConnectionId, "say", "hello");
        Assert.Contains("hello", await stream.TakeItemAsync(), StringComparison.Ordinal);
        await _server.Application.SyncAsync();
        Assert.DoesNotContain(_server.Application.Received, message => message is OpenConnectionMessage or ConnectionDataMessage);
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_length_has_the_same_limit()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, "serverSentEvents");
        var fields = string.Join('&', Enumerable.Range(0, 3).Select(i => $"x{i}=" + new string('y', 10_000)));
        var body = Encoding.ASCII.GetBytes(fields + "&data=" + Uri.EscapeDataString("""{"H":"chat","M":"echo","A":["x"],"I":0}"""));
        using var content = new StreamContent(new MemoryStream(body));
        session.Client.Http.DefaultRequestHeaders.TransferEncodingChunked = true;

        using var response = await session.Client.RequestAsync(HttpMethod.Post, session.Client.Url("send"), content).Within();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("serverSentEvents")]
    [InlineData("webSockets")]
    public async Task A_result_may_be_nested_deeper_than_a_call(string transport)
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server, transport);
        const string Call = """{"H":"chat","M":"tree","A":[],"I":0}""";
        var result = $$"""{"R":{{new string('[', 200)}}{{new string(']', 200)}},"I":"0"}""";
        var posting = transport == "webSockets" ? null : session.Client.SendAsync(Call);
        if (posting is null)
        {
            await session.Stream.SendAsync(Call);
        }

        await _server.TakeDataAsync(session.Id);
        await _server.SendAsync(session.Id, result);

        if (posting is null)
        {
            Assert.Equal(result, await session.Stream.TakeResultAsync());
            return;
        }

        using var post = await posting.Within();
        Assert.Equal(result, await post.Content.ReadAsStringAsync());
    }
}
