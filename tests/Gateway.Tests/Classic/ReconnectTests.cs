using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.Classic;

public sealed class ReconnectTests
{
    public static TheoryData<string> Transports => ["webSockets", "serverSentEvents", "longPolling"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Messages_sent_while_a_client_was_away_arrive_in_order_and_the_app_server_hears_of_it(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        await server.InvokeAsync(session.Id, "say", 1);
        Assert.Equal(Say(1), await session.Stream.TakeItemAsync());

        await session.Stream.CutAsync();
        for (var i = 2; i < 60; i++)
        {
            await server.InvokeAsync(session.Id, "say", i);
        }

        session.Stream = await session.Client.ReconnectAsync();

        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(session.Id));
        for (var i = 2; i < 60; i++)
        {
            Assert.Equal(Say(i), await session.Stream.TakeItemAsync());
        }

        await session.AssertAliveAsync();
        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is OpenConnectionMessage or CloseConnectionMessage);
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    public async Task What_was_sent_and_not_seen_is_sent_again_once(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        await server.InvokeAsync(session.Id, "say", 1);
        await session.Stream.TakeItemAsync();
        var seen = session.Client.MessageId;
        await server.InvokeAsync(session.Id, "say", 2);
        await server.InvokeAsync(session.Id, "say", 3);
        await session.Stream.TakeItemAsync();
        await session.Stream.TakeItemAsync();

        // As if the last two had been lost on the way.
        await session.Stream.CutAsync();
        session.Client.MessageId = seen;
        await server.InvokeAsync(session.Id, "say", 4);
        session.Stream = await session.Client.ReconnectAsync();

        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(session.Id));
        foreach (var i in new[] { 2, 3, 4 })
        {
            Assert.Equal(Say(i), await session.Stream.TakeItemAsync());
        }

        await session.AssertAliveAsync();
        Assert.DoesNotContain(session.Stream.Received, text => text.Contains("\"say\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_poll_with_the_same_cursor_gets_the_same_messages_and_one_with_the_next_does_not()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient()) { Transport = "longPolling" };
        var start = await BeginPollingAsync(client);
        await server.TakeOpenAsync(client.ConnectionId);
        await server.InvokeAsync(client.ConnectionId, "say", 1);

        var first = await PollAsync(client, start);
        Assert.Equal(Say(1), first.GetProperty("M")[0].GetRawText());
        var again = await PollAsync(client, start);
        Assert.Equal(first.GetRawText(), again.GetRawText());

        await server.InvokeAsync(client.ConnectionId, "say", 2);
        var next = await PollAsync(client, first.GetProperty("C").GetString());
        Assert.Equal(Say(2), Assert.Single(next.GetProperty("M").EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task Messages_that_wait_come_in_one_poll()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient()) { Transport = "longPolling" };
        var start = await BeginPollingAsync(client);
        await server.TakeOpenAsync(client.ConnectionId);
        for (var i = 0; i < 10; i++)
        {
            await server.InvokeAsync(client.ConnectionId, "say", i);
        }

        await server.Application.SyncAsync();
        var poll = await PollAsync(client, start);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => Say(i)), poll.GetProperty("M").EnumerateArray().Select(item => item.GetRawText()));
    }

    [Theory]
    [InlineData("webSockets", "")]
    [InlineData("serverSentEvents", "garbage")]
    [InlineData("longPolling", "d-BDF49932-B,0|K,1|L,1")]
    [InlineData("webSockets", "AAAA0000000000000001")]
    public async Task A_cursor_that_was_never_ours_starts_at_now(string transport, string messageId)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        await server.InvokeAsync(session.Id, "say", 1);
        await session.Stream.TakeItemAsync();

        await session.Stream.CutAsync();
        session.Client.MessageId = messageId;
        session.Stream = await session.Client.ReconnectAsync();

        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(session.Id));
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task The_cursor_of_another_connection_counts_as_a_gap_of_this_one_alone()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("ReplayMissed");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var other = await ClassicSession.StartAsync(gateway, server, "serverSentEvents");
        await using var session = await ClassicSession.StartAsync(gateway, server, "serverSentEvents");
        await server.InvokeAsync(other.Id, "say", 1);
        await other.Stream.TakeItemAsync();

        await session.Stream.CutAsync();
        session.Client.MessageId = other.Client.MessageId;
        session.Stream = await session.Client.ReconnectAsync();

        Assert.Contains("Messages were lost", (await session.Stream.TakeEnvelopeAsync()).GetProperty("E").GetString(), StringComparison.Ordinal);
        using var send = await session.Client.SendAsync("{}");
        Assert.Equal(HttpStatusCode.NotFound, send.StatusCode);
        await other.AssertAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_gap_is_told_and_ends_the_connection(string transport)
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Classic:ReplayMessages=2");
        gateway.Log.Expect("ReplayMissed");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        var seen = session.Client.MessageId;
        for (var i = 0; i < 5; i++)
        {
            await server.InvokeAsync(session.Id, "say", i);
            await session.Stream.TakeItemAsync();
        }

        await session.Stream.CutAsync();
        session.Client.MessageId = seen;
        session.Stream = await session.Client.ReconnectAsync();

        var envelope = await session.Stream.TakeEnvelopeAsync();
        Assert.Contains("Messages were lost", envelope.GetProperty("E").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, envelope.GetProperty("M").GetArrayLength());
        Assert.True((await session.Stream.Ended).Orderly);
        Assert.NotEqual(string.Empty, (await server.TakeCloseAsync(session.Id)).Error);
        Assert.Contains(gateway.Log.Entries, entry => entry.EventName == "ReplayMissed");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_of_a_connection_that_is_not_there_is_told_so(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient()) { Transport = transport };
        await client.NegotiateAsync();

        await using var stream = await client.ReconnectAsync();

        Assert.Contains("no such connection", (await stream.TakeEnvelopeAsync()).GetProperty("E").GetString(), StringComparison.Ordinal);
        Assert.True((await stream.Ended).Orderly);
        using var send = await client.SendAsync("{}");
        Assert.Equal(transport == "webSockets" ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, send.StatusCode);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData(null)]
    public async Task An_older_client_of_a_connection_that_is_not_there_is_refused(string? protocol)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient()) { Protocol = protocol };
        await client.NegotiateAsync();

        foreach (var transport in new[] { "webSockets", "serverSentEvents" })
        {
            client.Transport = transport;
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<HttpRequestException>(() => client.ReconnectAsync())).StatusCode);
        }

        client.Transport = "longPolling";
        using var poll = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NotFound, poll.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Without_a_transport_a_connection_lasts_for_the_disconnect_timeout(string transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Classic:DisconnectTimeout=00:00:06", "Tandem:Classic:KeepAlive=00:00:02");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        await session.Stream.CutAsync();
        await WaitUntilAwayAsync(gateway, session.Id);

        gateway.Advance(TimeSpan.FromSeconds(5));
        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is CloseConnectionMessage);

        gateway.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(string.Empty, (await server.TakeCloseAsync(session.Id)).Error);
        Assert.Equal(0, gateway.Services.GetRequiredService<ConnectionRouter>().Count);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_is_paired_anew_when_its_app_server_is_lost(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        await server.Application.SendAsync(new JoinGroupMessage(session.Id, "hg-chat.room", 5));
        await server.Application.TakeAsync<AckMessage>(ack => ack.AckId == 5);

        await using var other = await ClassicAppServer.ConnectAsync(gateway, serverId: "server-2");
        // A client between two polls would not be told: its next poll finds the other app server.
        await Eventually.TrueAsync(
            () => gateway.Log.Entries.Count(entry => entry.EventName == "StreamOpened") > (transport == "longPolling" ? 1 : 0), "the client receives");
        await server.Application.CloseAsync();
        var end = await session.Stream.Ended;
        Assert.True(end.Orderly);
        if (transport == "longPolling")
        {
            Assert.Contains(session.Stream.Received, text => text.Contains("\"T\":1", StringComparison.Ordinal));
        }

        session.Stream = await session.Client.ReconnectAsync();
        session.Server = other;

        var opened = await other.TakeOpenAsync(session.Id);
        Assert.Equal(session.Opened.QueryString, opened.QueryString);
        await session.AssertAliveAsync();
        await other.Application.SendAsync(new GroupBroadcastDataMessage("hg-chat.room", [], ClassicAppServer.Payloads(ClassicAppServer.Messages("\"to the room\"")), []));
        Assert.Equal("\"to the room\"", await session.Stream.TakeItemAsync());
        Assert.DoesNotContain(other.Application.Received, message => message is ConnectionDataMessage or OpenConnectionMessage);
    }

    private static string Say(int i) => ClassicAppServer.Invocation("say", i);

    private static async Task<string> BeginPollingAsync(RawClassicClient client)
    {
        await client.NegotiateAsync();
        using var response = await client.PollAsync("connect");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(1, json.RootElement.GetProperty("S").GetInt32());
        await client.StartAsync();
        return json.RootElement.GetProperty("C").GetString()!;
    }

    private static async Task<JsonElement> PollAsync(RawClassicClient client, string? messageId)
    {
        using var response = await client.PollAsync("poll", messageId);
        Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private static Task WaitUntilAwayAsync(TestGateway gateway, string connectionId) => Eventually.TrueAsync(
        () => gateway.Log.Entries.Any(entry => entry.EventName == "StreamEnded" && entry.Message.Contains(connectionId, StringComparison.Ordinal)),
        "the stream ends");
}
