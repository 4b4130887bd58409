using System.Net;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Messages on their way up, however they are cut, and the frames they come down in.</summary>
public sealed class DataTests
{
    private static readonly byte[] BinaryPing = [0x02, 0x91, 0x06];

    public static TheoryData<RawTransport> Transports => ConnectTests.Transports;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_may_be_cut_at_every_byte(bool oneMessage)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server);
        // A text message of a WebSocket must be whole characters, so only its frames may cut them.
        var first = oneMessage ? "{\"type\":1,\"target\":\"Grüße 👋\"}" : "{\"type\":1,\"target\":\"Hello\"}";
        var bytes = Encoding.UTF8.GetBytes(first + "\u001e{\"type\":6}\u001e{}\u001e");

        await SendCutAsync(session.Client, bytes, oneMessage);

        Assert.Equal(first, await session.TakeUpAsync());
        Assert.Equal("{}", await session.TakeUpAsync());
        await AssertNothingElseAsync(session);
    }

    [Theory]
    [InlineData("messagepack", true)]
    [InlineData("messagepack", false)]
    [InlineData("blazorpack", true)]
    public async Task Length_prefixed_messages_may_be_cut_at_every_byte(string protocol, bool oneMessage)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, protocol: protocol);
        var first = Prefixed(300);
        var second = Prefixed(1);
        byte[] empty = [0x00];

        await SendCutAsync(session.Client, [.. first, .. BinaryPing, .. second, .. BinaryPing, .. empty], oneMessage);

        byte[] expected = [.. first, .. second, .. empty];
        Assert.Equal(expected, await session.TakeUpAsync(expected.Length));
        await AssertNothingElseAsync(session);
    }

    [Theory]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.LongPolling, "json")]
    [InlineData(RawTransport.LongPolling, "messagepack")]
    public async Task The_body_of_a_post_may_arrive_byte_by_byte(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        byte[] expected = protocol == "json" ? [.. "{\"type\":1}\u001e{\"type\":2}\u001e"u8] : [.. Prefixed(200), .. Prefixed(3)];
        byte[] sent = protocol == "json" ? [.. "{\"type\":6}\u001e"u8, .. expected] : [.. expected, .. BinaryPing];

        using var response = await session.Client.RequestAsync(HttpMethod.Post, session.Client.Url(), new PiecesContent(sent, pieceBytes: 1));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(expected, await session.TakeUpAsync(expected.Length));
        await AssertNothingElseAsync(session);
    }

    [Theory]
    [InlineData("""{"type":6}""")]
    [InlineData(""" { "type" : 6 } """)]
    public async Task Pings_stay_at_the_gateway(string ping)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        foreach (var transport in Enum.GetValues<RawTransport>())
        {
            await using var session = await CoreSession.ConnectAsync(gateway, server, transport);

            await session.Client.SendAsync(ping, "{\"a\":1}", ping, ping, "{\"type\":66}", "{\"type\":\"6\"}", "{\"type\":6,\"x\":1}", "[6]", "6", ping);

            foreach (var expected in new[] { "{\"a\":1}", "{\"type\":66}", "{\"type\":\"6\"}", "{\"type\":6,\"x\":1}", "[6]", "6" })
            {
                Assert.Equal(expected, await session.TakeUpAsync());
            }

            await AssertNothingElseAsync(session);
        }
    }

    [Fact]
    public async Task Messages_keep_their_order_and_their_bytes_whatever_their_size()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        foreach (var transport in Enum.GetValues<RawTransport>())
        {
            await using var session = await CoreSession.ConnectAsync(gateway, server, transport);
            int[] sizes = [0, 1, 2047, 2048, 2049, 4095, 4096, 70_000, 1, 500_000, 3];
            var up = new List<string>();
            foreach (var size in sizes)
            {
                var record = new string((char)('a' + up.Count), size);
                up.Add(record);
                await session.Client.SendAsync(record);
            }

            foreach (var record in up)
            {
                Assert.Equal(record, await session.TakeUpAsync());
            }

            // Each waits for the one before: this is about bytes, not about the client's budget.
            foreach (var record in up)
            {
                await session.SendDownAsync(record);
                Assert.Equal(record, await session.Client.TakeAsync());
            }
        }
    }

    [Theory]
    [InlineData("json", WebSocketMessageType.Text)]
    [InlineData("messagepack", WebSocketMessageType.Binary)]
    [InlineData("blazorpack", WebSocketMessageType.Binary)]
    public async Task Websocket_messages_have_the_type_of_the_protocol_and_may_hold_several_records(string protocol, WebSocketMessageType type)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, protocol: protocol);
        Assert.Equal(type, (await session.Client.Pieces.TakeAsync(static _ => true, "The handshake response")).Type);
        byte[] both = protocol == "json" ? [.. "{\"a\":1}\u001e{\"b\":2}\u001e"u8] : [.. Prefixed(5), .. Prefixed(6)];

        await session.SendDownAsync(both);

        var piece = await session.Client.Pieces.TakeAsync(static _ => true, "The messages");
        Assert.Equal(type, piece.Type);
        Assert.Equal(both, piece.Bytes);
    }

    [Fact]
    public async Task Polls_have_the_content_type_of_the_protocol_and_what_waits_comes_at_once()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        foreach (var (protocol, type) in new[] { ("json", "text/plain"), ("messagepack", "application/octet-stream") })
        {
            await using var client = CoreSession.NewClient(gateway);
            (await client.NegotiateAsync()).Dispose();
            await client.ConnectAsync(RawTransport.LongPolling, reads: false);
            await using var session = await CoreSession.OpenAsync(client, server, protocol);
            await session.SendDownAsync("{}");
            var first = protocol == "json" ? [.. "{\"a\":1}\u001e"u8] : Prefixed(4);
            var second = protocol == "json" ? [.. "{\"b\":2}\u001e"u8] : Prefixed(5);
            await session.SendDownAsync(first);
            await session.SendDownAsync(second);
            await server.SyncAsync();

            using var poll = await client.PollAsync();

            Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
            Assert.Equal(type, poll.Content.Headers.ContentType?.MediaType);
            Assert.True(poll.Headers.CacheControl?.NoStore);
            var body = await poll.Content.ReadAsByteArrayAsync();
            Assert.Equal([.. "{}\u001e"u8, .. first, .. second], body);
        }
    }

    [Fact]
    public async Task Events_are_framed_line_by_line()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        using var response = await client.RequestAsync(
            HttpMethod.Get, client.Url(), accept: "text/event-stream", completion: HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        await using var session = await CoreSession.OpenAsync(client, server);

        await session.SendDownAsync("{}");
        await session.SendDownAsync("{\n\"pretty\": true,\r\n\"x\": 1\n}");
        await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));

        // To its end: nothing is missing, and nothing is behind the last event.
        Assert.Equal(
            ":\r\ndata: {}\u001e\r\n\r\ndata: {\r\ndata: \"pretty\": true,\r\ndata: \"x\": 1\r\ndata: }\u001e\r\n\r\n",
            await response.Content.ReadAsStringAsync().Within());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_multicast_reaches_each_protocol_in_its_own_bytes(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var json = await CoreSession.ConnectAsync(gateway, server, transport);
        await using var binary = await CoreSession.ConnectAsync(gateway, server, RawTransport.WebSockets, "messagepack");

        await server.SendAsync(new BroadcastDataMessage([], new ServicePayloads(
            new ServicePayload("json", "{\"n\":1}\u001e"u8.ToArray()), new ServicePayload("messagepack", Prefixed(9)))));

        Assert.Equal("{\"n\":1}", await json.Client.TakeAsync());
        Assert.Equal(Prefixed(9)[1..], await binary.Client.TakeBytesAsync());
    }

    [Theory]
    [InlineData("json", RawTransport.ServerSentEvents)]
    [InlineData("json", RawTransport.LongPolling)]
    [InlineData("messagepack", RawTransport.LongPolling)]
    public async Task A_post_that_ends_in_the_middle_of_a_message_is_refused_and_forgotten(string protocol, RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        var whole = protocol == "json" ? [.. "{\"type\":1}\u001e"u8] : Prefixed(20);
        for (var cut = 1; cut < whole.Length; cut++)
        {
            using var response = await session.Client.PostAsync(whole.AsMemory(0, cut));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("middle of a message", await response.Content.ReadAsStringAsync());
        }

        await session.Client.SendAsync(whole);
        Assert.Equal(whole, await session.TakeUpAsync(whole.Length));
        await AssertNothingElseAsync(session);
    }

    [Fact]
    public async Task A_post_that_is_cut_off_leaves_the_connection_as_it_was()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        foreach (var transport in new[] { RawTransport.ServerSentEvents, RawTransport.LongPolling })
        {
            await using var session = await CoreSession.ConnectAsync(gateway, server, transport);
            var content = new PiecesContent([.. "{\"a\":1}\u001e{\"lost"u8], pieceBytes: 1) { ThenHangs = true };
            using var gaveUp = new CancellationTokenSource();

            var post = session.Client.RequestAsync(HttpMethod.Post, session.Client.Url(), content, cancellationToken: gaveUp.Token);
            Assert.Equal("{\"a\":1}", await session.TakeUpAsync());
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);

            await session.AssertAliveAsync();
            await AssertNothingElseAsync(session);
        }
    }

    [Fact]
    public async Task Posts_of_one_connection_are_taken_one_after_the_other()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.ServerSentEvents);
        var content = new PiecesContent([.. "{\"a\":1}\u001e{\"a\":2}\u001e"u8], pieceBytes: 8) { ThenHangs = true };
        var first = session.Client.RequestAsync(HttpMethod.Post, session.Client.Url(), content);
        Assert.Equal("{\"a\":1}", await session.TakeUpAsync());
        Assert.Equal("{\"a\":2}", await session.TakeUpAsync());

        var second = session.Client.PostAsync("{\"a\":3}" + RawCoreClient.RecordSeparator);
        await session.SendDownAsync("{\"while\":\"waiting\"}");
        Assert.Equal("{\"while\":\"waiting\"}", await session.Client.TakeAsync());
        Assert.False(second.IsCompleted);
        content.Finish();

        using var answered = await first.Within();
        using var answeredToo = await second.Within();
        Assert.Equal(HttpStatusCode.Accepted, answered.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, answeredToo.StatusCode);
        Assert.Equal("{\"a\":3}", await session.TakeUpAsync());
    }

    /// <summary>A message of so many bytes behind its length.</summary>
    internal static byte[] Prefixed(int bytes)
    {
        var message = new byte[ServiceFraming.PrefixSize(bytes) + bytes];
        var prefix = ServiceFraming.WritePrefix(bytes, message);
        message.AsSpan(prefix).Fill(0x93);
        return message;
    }

    private static async Task SendCutAsync(RawCoreClient client, byte[] bytes, bool oneMessage)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            await client.SendFrameAsync(bytes.AsMemory(i, 1), endOfMessage: !oneMessage || i == bytes.Length - 1);
        }
    }

    private static async Task AssertNothingElseAsync(CoreSession session)
    {
        var mark = session.Client.IsBinary ? Prefixed(7) : [.. "\"mark\"\u001e"u8];
        await session.Client.SendAsync(mark);
        Assert.Equal(mark, await session.TakeUpAsync(mark.Length));
        Assert.DoesNotContain(session.Server.Received, message =>
            (message is ConnectionDataMessage data && data.ConnectionId == session.Id) || (message is CloseConnectionMessage close && close.ConnectionId == session.Id));
    }
}
