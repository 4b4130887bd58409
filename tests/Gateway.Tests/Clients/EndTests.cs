using System.Net;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Who ends a connection, what each side is told, and that it is told once.</summary>
public sealed class EndTests
{
    public static TheoryData<RawTransport> Transports => ConnectTests.Transports;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_closes_is_reported_without_an_error_once(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport);

        await session.Client.CloseAsync();

        Assert.Equal(string.Empty, (await session.TakeCloseAsync()).Error);
        var end = await session.Client.Ended;
        if (transport == RawTransport.WebSockets)
        {
            Assert.Equal(WebSocketCloseStatus.NormalClosure, end.CloseStatus);
        }

        Assert.Empty(session.Client.Records);
        await server.SyncAsync();
        Assert.Empty(server.Received);
        await AssertForgottenAsync(gateway, session);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets)]
    [InlineData(RawTransport.ServerSentEvents)]
    public async Task A_client_that_vanishes_is_reported_once(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var other = await CoreSession.ConnectAsync(gateway, server);
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport);

        session.Client.Abort();

        await session.TakeCloseAsync();
        await other.AssertAliveAsync();
        await server.SyncAsync();
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_client_that_vanishes_while_it_waits_for_an_app_server_takes_nobodys_place()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Limits:MaxConnections=1");
        gateway.Log.Expect("Refused");
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(RawTransport.ServerSentEvents);
        await server.CloseAsync();
        await Eventually.TrueAsync(() => gateway.Pool().Length == 0, "the app server is gone");

        var post = client.PostAsync("""{"protocol":"json","version":1}""" + RawCoreClient.RecordSeparator);
        client.Abort();
        await Record.ExceptionAsync(() => post.Within());

        var next = await gateway.ConnectServerAsync();
        await using var late = CoreSession.NewClient(gateway);
        await Eventually.TrueAsync(
            () =>
            {
                using var answer = late.NegotiateAsync().GetAwaiter().GetResult();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the place is free");
        await late.ConnectAsync(RawTransport.WebSockets);
        await using var session = await CoreSession.ShakeHandsAsync(late, next);
        await session.AssertAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_app_server_that_closes_has_the_last_word(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport);

        await session.SendDownAsync("{\"last\":\"message\"}");
        await session.SendDownAsync("""{"type":7,"error":"the app server's own"}""");
        await server.SendAsync(new CloseConnectionMessage(session.Id, "for the log", []));

        Assert.Equal("{\"last\":\"message\"}", await session.Client.TakeAsync());
        Assert.Equal("""{"type":7,"error":"the app server's own"}""", await session.Client.TakeAsync());
        var end = await session.Client.Ended;
        Assert.True(end.Orderly);
        Assert.Equal(transport == RawTransport.WebSockets ? WebSocketCloseStatus.NormalClosure : null, end.CloseStatus);
        Assert.Empty(session.Client.Records);
        await server.SyncAsync();
        Assert.Empty(server.Received);
        await AssertForgottenAsync(gateway, session);
    }

    [Fact]
    public async Task An_event_stream_ends_with_its_last_event_every_time()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.ServerSentEvents);

            await session.SendDownAsync("{\"last\":1}");
            await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));

            Assert.Equal("{\"last\":1}", await session.Client.TakeAsync());
            Assert.True((await session.Client.Ended).Orderly);
        }
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, true, "You were rude.", "You were rude.")]
    [InlineData(RawTransport.ServerSentEvents, true, "You were rude.", "You were rude.")]
    [InlineData(RawTransport.LongPolling, true, "You were rude.", "You were rude.")]
    [InlineData(RawTransport.WebSockets, false, "You were rude.", "The app server closed the connection.")]
    [InlineData(RawTransport.WebSockets, true, null, "The app server closed the connection.")]
    public async Task Management_closes_with_a_reason_the_client_may_see_or_not(RawTransport transport, bool detailed, string? reason, string text)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var management = await gateway.ConnectServerAsync(serverId: "management", kind: ServerConnectionKind.Weak);
        await using var session = await CoreSession.ConnectAsync(
            gateway, server, transport, claims: detailed ? new() { ["asrs.s.derror"] = "True" } : null);

        await management.SendAsync(new CloseConnectionMessage(session.Id, reason, []));

        Assert.Equal($$"""{"type":7,"error":"{{text}}"}""", await session.Client.TakeAsync());
        Assert.True((await session.Client.Ended).Orderly);
        Assert.Equal(reason ?? "The app server closed the connection.", (await session.TakeCloseAsync()).Error);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, "json")]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.LongPolling, "json")]
    [InlineData(RawTransport.WebSockets, "messagepack")]
    [InlineData(RawTransport.LongPolling, "messagepack")]
    public async Task Clients_of_a_lost_server_connection_are_told_to_reconnect_and_can(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        var second = await gateway.ConnectServerAsync(serverId: "server-2");
        await using var other = await CoreSession.ConnectAsync(gateway, second);

        server.Abort();

        AssertReconnect(await session.Client.TakeBytesAsync(), protocol, "is gone");
        Assert.True((await session.Client.Ended).Orderly);
        await other.AssertAliveAsync();
        await using var again = await CoreSession.ConnectAsync(gateway, second, transport, protocol);
        Assert.NotEqual(session.Id, again.Id);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, "json")]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.LongPolling, "json")]
    [InlineData(RawTransport.WebSockets, "messagepack")]
    public async Task Clients_of_a_node_that_shuts_down_are_told_to_reconnect(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);

        await gateway.App.StopAsync().Within();

        AssertReconnect(await session.Client.TakeBytesAsync(), protocol, "shutting down");
        Assert.Contains("shutting down", (await session.TakeCloseAsync()).Error);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_draining_node_does_not_wait_for_clients_that_never_shake_hands(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Drain:Delay=00:00:20");
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(transport);
        var stopping = gateway.App.StopAsync();

        gateway.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("shutting down", await client.TakeAsync());
        Assert.True((await client.Ended).Orderly);
        gateway.Time!.Advance(TimeSpan.FromSeconds(20));
        await stopping.Within();
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, "True")]
    [InlineData(RawTransport.ServerSentEvents, "true")]
    [InlineData(RawTransport.LongPolling, "true")]
    public async Task A_client_whose_authentication_expires_is_told_to_come_back_with_a_new_token(RawTransport transport, string claim)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync();
        var expires = gateway.Time!.GetUtcNow().AddSeconds(10).ToUnixTimeSeconds();
        await using var stays = await CoreSession.ConnectAsync(gateway, server, claims: new() { ["asrs.s.coae"] = "false", ["asrs.s.aeo"] = expires });
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, claims: new() { ["asrs.s.coae"] = claim, ["asrs.s.aeo"] = expires });

        gateway.Advance(TimeSpan.FromSeconds(9));
        await session.AssertAliveAsync();
        gateway.Advance(TimeSpan.FromSeconds(1));

        AssertReconnect(await session.Client.TakeBytesAsync(), "json", "expired");
        Assert.True((await session.Client.Ended).Orderly);
        await session.TakeCloseAsync();
        await stays.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_is_cut_off()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.WebSockets, reads: false);
        await using var session = await CoreSession.OpenAsync(client, server);
        await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));
        await server.SyncAsync();
        using (var early = await client.PollAsync())
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        }

        gateway.Advance(TimeSpan.FromSeconds(5));

        using var late = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task What_a_client_sends_after_the_end_goes_nowhere()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.WebSockets, reads: false);
        await using var session = await CoreSession.OpenAsync(client, server);
        await session.SendDownAsync("{}");
        await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));
        await server.SyncAsync();

        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync("{\"too\":\"late\"}");
        }

        client.StartReading();
        Assert.True((await client.Ended).Orderly);
        await server.SyncAsync();
        Assert.Empty(server.Received);
    }

    private static void AssertReconnect(byte[] close, string protocol, string text)
    {
        if (protocol == "json")
        {
            var record = Encoding.UTF8.GetString(close);
            Assert.StartsWith("{\"type\":7,\"error\":\"", record);
            Assert.Contains(text, record);
            Assert.EndsWith(",\"allowReconnect\":true}", record);
            return;
        }

        // [7, error, true]
        Assert.Equal([0x93, 0x07], close[..2]);
        Assert.Contains(text, Encoding.UTF8.GetString(close));
        Assert.Equal(0xC3, close[^1]);
    }

    private static async Task AssertForgottenAsync(TestGateway gateway, CoreSession session)
    {
        // Under the same token nothing is found any more, as soon as the request that served it has ended.
        await Eventually.TrueAsync(
            () =>
            {
                using var client = new HttpRequestMessage(HttpMethod.Delete, session.Client.Url());
                client.Headers.Authorization = new("Bearer", session.Client.Token);
                using var answer = gateway.Http.Send(client);
                return answer.StatusCode == HttpStatusCode.NotFound;
            },
            "the connection is forgotten");
    }
}
