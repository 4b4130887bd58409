using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

public sealed class TimeTests
{
    private static readonly string[] Fast =
        ["Tandem:Classic:DisconnectTimeout=00:00:06", "Tandem:Classic:KeepAlive=00:00:02", "Tandem:Classic:ConnectionTimeout=00:00:05"];

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    public async Task A_stream_is_kept_alive(string transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Fast);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);

        for (var i = 0; i < 4; i++)
        {
            gateway.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("{}", await session.Stream.TakeAsync());
        }

        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_poll_is_kept_alive_with_blanks_and_answered_empty_in_the_end()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Fast);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient()) { Transport = "longPolling" };
        await client.NegotiateAsync();
        using var connect = await client.PollAsync("connect");
        using var first = JsonDocument.Parse(await connect.Content.ReadAsStringAsync());
        await client.StartAsync();
        await server.TakeOpenAsync(client.ConnectionId);
        var cursor = first.RootElement.GetProperty("C").GetString();

        var polling = client.PollAsync("poll", cursor);
        await WaitForStreamAsync(gateway, client.ConnectionId);
        gateway.Advance(TimeSpan.FromSeconds(2));
        using var poll = await polling.Within();
        await using var body = await poll.Content.ReadAsStreamAsync();
        var blank = new byte[10];
        Assert.Equal(1, await body.ReadAsync(blank).AsTask().Within());
        Assert.Equal((byte)' ', blank[0]);
        gateway.Advance(TimeSpan.FromSeconds(4));
        using var reader = new StreamReader(body, Encoding.UTF8);
        var rest = await reader.ReadToEndAsync().Within();

        Assert.Equal($$"""{"C":"{{cursor}}","M":[]}""", rest.TrimStart(' '));
        Assert.Equal("application/json; charset=UTF-8", poll.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    public async Task Without_keep_alives_a_silent_stream_ends_after_the_connection_timeout(string transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Classic:KeepAlive=", "Tandem:Classic:ConnectionTimeout=00:00:05");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);

        gateway.Advance(TimeSpan.FromSeconds(6));

        Assert.True((await session.Stream.Ended).Orderly);
        Assert.Empty(session.Stream.Received);
        session.Stream = await session.Client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(session.Id));
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_connects_and_never_starts_is_ended()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync([.. Fast, "Tandem:Classic:MaxUnstarted=1"]);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient());
        await client.NegotiateAsync();
        await using var stream = await client.ConnectAsync();
        await using var second = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient());
        await second.NegotiateAsync();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<HttpRequestException>(second.ConnectAsync)).StatusCode);

        gateway.Advance(TimeSpan.FromSeconds(8));

        Assert.True((await stream.Ended).Orderly);
        Assert.Contains("handshake", stream.Received.Single(text => text.Contains("\"E\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        await using var next = await second.ConnectAsync();
        await second.StartAsync();
        await server.TakeOpenAsync(second.ConnectionId);
        Assert.DoesNotContain(server.Application.Received, message => message is OpenConnectionMessage);
    }

    [Fact]
    public async Task An_expired_token_is_good_for_a_connection_that_exists_and_for_no_new_one()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Fast);
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        var token = gateway.Tokens.Create("http://any.example/aspnetclient", expiresIn: TimeSpan.FromSeconds(-299), claims: new() { ["asrs.s.apn"] = "shop" });
        await using var client = new RawClassicClient(gateway.Url, token);
        await using var stream = await client.BeginAsync("serverSentEvents");
        await server.TakeOpenAsync(client.ConnectionId);

        gateway.Advance(TimeSpan.FromSeconds(3));
        await stream.CutAsync();
        await using var again = await client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(client.ConnectionId));
        var posting = client.SendAsync("""{"H":"chat","M":"echo","A":["x"],"I":0}""");
        await server.EchoAsync(client.ConnectionId);
        using (var post = await posting)
        {
            Assert.Equal("""{"R":"x","I":"0"}""", await post.Content.ReadAsStringAsync());
        }

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.NegotiateAsync)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.ConnectAsync)).StatusCode);
        Assert.Equal("""{ "Response": "pong" }""", await client.GetAsync("ping"));
        await client.AbortAsync();

        // The connection token never expires, and starting makes a connection that is not there.
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(client.StartAsync)).StatusCode);
        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is OpenConnectionMessage);
    }

    private static Task WaitForStreamAsync(TestGateway gateway, string connectionId) => Eventually.TrueAsync(
        () => gateway.Log.Entries.Count(entry => entry.EventName == "StreamOpened" && entry.Message.Contains(connectionId, StringComparison.Ordinal)) > 1,
        "the poll begins");
}
