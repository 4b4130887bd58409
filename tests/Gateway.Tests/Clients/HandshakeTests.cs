using System.Net;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>The first record of a client: passed on, refused, or awaited in vain.</summary>
public sealed class HandshakeTests
{
    private const string Json = """{"protocol":"json","version":1}""";

    public static TheoryData<RawTransport> Transports => ConnectTests.Transports;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Handshake_and_answer_pass_as_they_are_and_what_follows_in_the_same_breath_too(RawTransport transport)
    {
        const string Handshake = """{ "future": [1, {"x": null}], "version" : 1,  "protocol":"json" }""";
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(transport);

        await client.SendAsync(Handshake, """{"type":1,"target":"early"}""", """{"type":6}""", """{"type":1,"target":"later"}""");

        var open = await server.TakeAsync<OpenConnectionMessage>();
        var session = new CoreSession(client, server, open);
        Assert.Equal(Handshake, await session.TakeUpAsync());
        Assert.Equal("""{"type":1,"target":"early"}""", await session.TakeUpAsync());
        Assert.Equal("""{"type":1,"target":"later"}""", await session.TakeUpAsync());
        await session.SendDownAsync("""{ "minorVersion": 2 }""");
        Assert.Equal("""{ "minorVersion": 2 }""", await client.TakeAsync());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Nothing_overtakes_the_answer_to_the_handshake(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var management = await gateway.ConnectServerAsync(serverId: "management", kind: ServerConnectionKind.Weak);
        await using var client = CoreSession.NewClient(gateway, claims: new() { ["nameid"] = "alice" });
        await client.StartAsync(transport);
        await using var session = await CoreSession.OpenAsync(client, server);

        var payloads = new ServicePayloads([new ServicePayload("json", Encoding.UTF8.GetBytes("{\"n\":1}\u001e"))]);
        await management.SendAsync(new BroadcastDataMessage([], payloads));
        await management.SyncAsync();
        await server.SendAsync(new JoinGroupMessage(session.Id, "g"));
        await server.SendAsync(new GroupBroadcastDataMessage("g", [], Payloads("{\"n\":2}"), [], null));
        await server.SendAsync(new UserDataMessage("alice", Payloads("{\"n\":3}")));
        await session.SendDownAsync("{}");
        await session.SendDownAsync("{\"n\":4}");

        Assert.Equal("{}", await client.TakeAsync());
        for (var n = 1; n <= 4; n++)
        {
            Assert.Equal($$"""{"n":{{n}}}""", await client.TakeAsync());
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("no json", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "protocol")]
    [InlineData("""{"protocol":"json"}""", "version")]
    [InlineData("""{"version":1}""", "protocol")]
    [InlineData("""{"protocol":null,"version":1}""", "protocol")]
    [InlineData("""{"protocol":["json"],"version":1}""", "protocol")]
    [InlineData("""{"protocol":"json","version":1""", "")]
    [InlineData("""{"type":1,"target":"x","arguments":[]}""", "protocol")]
    [InlineData("{\"protocol\":\"\\ud800\",\"version\":1}", "")]
    public async Task A_first_record_that_is_no_handshake_is_answered_with_an_error_on_every_transport(string record, string text)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var good = await CoreSession.ConnectAsync(gateway, server);
        foreach (var transport in Enum.GetValues<RawTransport>())
        {
            await using var client = CoreSession.NewClient(gateway);
            await client.StartAsync(transport);

            if (transport == RawTransport.WebSockets)
            {
                await client.SendAsync(record);
            }
            else
            {
                using var post = await client.PostAsync(record + RawCoreClient.RecordSeparator);
                Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
            }

            var answer = await client.TakeAsync();
            Assert.StartsWith("{\"error\":\"", answer);
            Assert.Contains(text, answer);
            Assert.True((await client.Ended).Orderly);
        }

        await good.AssertAliveAsync();
        Assert.Empty(server.Received.OfType<OpenConnectionMessage>());
    }

    [Fact]
    public async Task A_connection_whose_handshake_was_refused_gets_no_second_try()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.LongPolling, reads: false);
        using var wrong = await client.PostAsync("{}" + RawCoreClient.RecordSeparator);

        using var right = await client.PostAsync(Json + RawCoreClient.RecordSeparator);

        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
        await server.SyncAsync();
        Assert.Empty(server.Received);
        client.StartReading();
        Assert.Contains("protocol", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);
    }

    [Fact]
    public async Task A_second_try_after_no_app_server_was_there_is_refused_as_well()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Limits:WaitForServer=00:00:00");
        gateway.Log.Expect("Refused");
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.LongPolling, reads: false);
        await server.CloseAsync();
        await Eventually.TrueAsync(() => gateway.Pool().Length == 0, "the app server is gone");

        for (var i = 0; i < 2; i++)
        {
            using var post = await client.PostAsync(Json + RawCoreClient.RecordSeparator);
            Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        }

        client.StartReading();
        Assert.Contains("No app server", await client.TakeAsync());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_handshake_must_not_be_long(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var fitting = CoreSession.NewClient(gateway);
        await fitting.StartAsync(transport);
        await fitting.SendAsync($$"""{"protocol":"json","version":1,"x":"{{new string('x', 4000)}}"}""");
        await server.TakeAsync<OpenConnectionMessage>();
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(transport);

        var endless = Encoding.UTF8.GetBytes(new string('x', 4096));
        if (transport == RawTransport.WebSockets)
        {
            await client.SendFrameAsync(endless, endOfMessage: false);
        }
        else
        {
            using var post = await client.PostAsync(endless);
            Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
        }

        Assert.Contains("longer than 4096", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, null, 15)]
    [InlineData(RawTransport.ServerSentEvents, null, 15)]
    [InlineData(RawTransport.LongPolling, null, 15)]
    [InlineData(RawTransport.WebSockets, 3, 3)]
    [InlineData(RawTransport.LongPolling, 30, 30)]
    [InlineData(RawTransport.WebSockets, 31, 15)]
    public async Task A_client_that_does_not_shake_hands_is_told_so_and_closed(RawTransport transport, int? claim, int seconds)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:Timeout=00:10:00");
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: claim is null ? null : new() { ["asrs.s.cht"] = claim });
        await client.StartAsync(transport);
        var started = gateway.Time!.GetTimestamp();

        await Eventually.TrueAsync(() => client.HasEnded, "the connection ends", () => gateway.Advance(TimeSpan.FromSeconds(1)));

        Assert.Contains("in time", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);
        Assert.InRange(gateway.Time.GetElapsedTime(started).TotalSeconds, seconds, 1000);
    }

    [Fact]
    public async Task Polling_again_and_again_buys_no_time_for_the_handshake()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:Timeout=00:10:00");
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: new() { ["asrs.s.ttl"] = 1 });
        await client.StartAsync(RawTransport.LongPolling);

        // Each poll is answered after a second, so this is over only if the time since the start counts.
        await Eventually.TrueAsync(() => client.HasEnded, "the connection ends", () => gateway.Advance(TimeSpan.FromSeconds(1)));

        Assert.Contains("in time", await client.TakeAsync());
    }

    [Fact]
    public async Task A_binary_protocol_is_refused_over_server_sent_events()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        foreach (var protocol in new[] { "messagepack", "blazorpack", "nobody-knows" })
        {
            await using var client = CoreSession.NewClient(gateway);
            await client.StartAsync(RawTransport.ServerSentEvents);

            using var post = await client.PostAsync($$"""{"protocol":"{{protocol}}","version":1}""" + RawCoreClient.RecordSeparator);

            Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
            var error = await client.TakeAsync();
            Assert.Contains(protocol, error);
            Assert.Contains("server-sent events", error);
            Assert.True((await client.Ended).Orderly);
        }

        await server.SyncAsync();
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets)]
    [InlineData(RawTransport.LongPolling)]
    public async Task A_protocol_the_gateway_does_not_know_passes_untouched(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Core:DisconnectTimeout=00:05:00");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, "smoke-signals");
        Assert.Equal("smoke-signals", session.Opened.Protocol);

        // Whatever looks like a ping or a boundary elsewhere means nothing here.
        byte[] bytes = [0x02, 0x91, 0x06, .. "{\"type\":6}\u001e"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00];
        await session.Client.SendAsync(bytes);
        Assert.Equal(bytes, await session.TakeUpAsync(bytes.Length));
        await session.Client.SendAsync(bytes.AsMemory(0, 1));
        Assert.Equal([0x02], await session.TakeUpAsync(1));

        await session.SendDownAsync(bytes);
        var piece = await session.Client.Pieces.TakeAsync(piece => piece.Bytes.AsSpan().SequenceEqual(bytes), "the bytes");
        Assert.Equal(transport == RawTransport.WebSockets ? WebSocketMessageType.Binary : null, piece.Type);

        // No keep-alive either: the gateway cannot write one. The app server's is the client's.
        gateway.Advance(TimeSpan.FromSeconds(20));
        await session.SendDownAsync("end"u8.ToArray());
        await session.Client.Pieces.TakeAsync(piece => piece.Text == "end", "the end");
        Assert.DoesNotContain(session.Client.Pieces.Items, piece => piece.Text != "{}\u001e");

        // Neither can it write a close message.
        await server.CloseAsync();
        Assert.True((await session.Client.Ended).Orderly);
        Assert.DoesNotContain(session.Client.Pieces.Items, piece => piece.Text != "{}\u001e");
    }

    [Fact]
    public async Task Unknown_protocols_are_limited_and_known_ones_are_not()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Core:MaxCustomProtocols=1");
        var server = await gateway.ConnectServerAsync();
        await using var first = await CoreSession.ConnectAsync(gateway, server, protocol: "one");
        await using var again = await CoreSession.ConnectAsync(gateway, server, protocol: "ONE");
        await using var known = await CoreSession.ConnectAsync(gateway, server, protocol: "blazorpack");
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(RawTransport.WebSockets);

        await client.SendAsync("""{"protocol":"two","version":1}""");

        Assert.Contains("two", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);

        // One connection of the other name goes, and then the last.
        await first.DisposeAsync();
        await first.TakeCloseAsync();
        Assert.False(await CanConnectAsync("two"));
        await again.DisposeAsync();
        await again.TakeCloseAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await CanConnectAsync("two"))
        {
            // The app server may hear of the end a moment before the name is free.
            deadline.Token.ThrowIfCancellationRequested();
        }

        async Task<bool> CanConnectAsync(string protocol)
        {
            await using var client = CoreSession.NewClient(gateway);
            await client.StartAsync(RawTransport.WebSockets);
            await client.SendAsync($$"""{"protocol":"{{protocol}}","version":1}""");
            var opened = server.TakeAsync<OpenConnectionMessage>(open => open.ConnectionId == client.ConnectionId);
            return await Task.WhenAny(opened, client.Ended) == opened;
        }
    }

    [Fact]
    public async Task A_protocol_that_server_sent_events_cannot_carry_is_not_kept()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Core:MaxCustomProtocols=1");
        var server = await gateway.ConnectServerAsync();
        await using var refused = CoreSession.NewClient(gateway);
        await refused.StartAsync(RawTransport.ServerSentEvents);
        using var post = await refused.PostAsync("{\"protocol\":\"one\",\"version\":1}\u001e");
        Assert.Contains("server-sent events", await refused.TakeAsync());

        await using var other = await CoreSession.ConnectAsync(gateway, server, protocol: "two");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_app_servers_refusal_reaches_the_client(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(transport);
        await using var session = await CoreSession.OpenAsync(client, server);

        await session.SendDownAsync("""{"error":"We are closed."}""");
        await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));

        Assert.Equal("""{"error":"We are closed."}""", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);
        Assert.Empty(client.Records);
    }

    private static ServicePayloads Payloads(string record) =>
        new([new ServicePayload("json", Encoding.UTF8.GetBytes(record + RawCoreClient.RecordSeparator))]);
}
