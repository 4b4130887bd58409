using System.Net;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>What only clients that poll can do, or fail to do.</summary>
public sealed class LongPollingTests
{
    [Fact]
    public async Task The_first_poll_is_answered_at_once_and_empty()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();

        using var poll = await client.PollAsync().Within();

        Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
        Assert.Empty(await poll.Content.ReadAsByteArrayAsync());
        Assert.True(poll.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData(null, 90)]
    [InlineData(5, 5)]
    [InlineData(300, 300)]
    [InlineData(301, 90)]
    public async Task A_poll_without_messages_ends_empty_after_its_time(int? claim, int seconds)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Core:DisconnectTimeout=00:05:00", "Tandem:Servers:Timeout=00:10:00");
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: claim is null ? null : new() { ["asrs.s.ttl"] = claim });
        await using var session = await StartIdleAsync(client, server);
        var started = gateway.Time!.GetTimestamp();

        var poll = client.PollAsync();
        await Eventually.TrueAsync(() => poll.IsCompleted, "the poll is answered", () => gateway.Advance(TimeSpan.FromSeconds(5)));

        using var answer = await poll;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.InRange(gateway.Time.GetElapsedTime(started).TotalSeconds, seconds, 10_000);
        client.StartReading();
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_second_poll_takes_the_place_of_the_first_and_no_message_is_lost()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        var first = client.PollAsync();
        var second = client.PollAsync();

        // One of them has come later and has ended the other.
        var ended = await Task.WhenAny(first, second).Within();
        using var former = await ended;
        Assert.Equal(HttpStatusCode.NoContent, former.StatusCode);
        await session.SendDownAsync("{\"a\":1}");
        using var latter = await (ended == first ? second : first).Within();

        Assert.Equal("{\"a\":1}\u001e", await latter.Content.ReadAsStringAsync());
        client.StartReading();
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Many_polls_at_once_do_not_end_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        for (var round = 0; round < 10; round++)
        {
            var polls = Enumerable.Range(0, 8).Select(_ => client.PollAsync()).ToList();
            while (polls.Count > 1)
            {
                var done = await Task.WhenAny(polls).Within();
                polls.Remove(done);
                using var answer = await done;
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            }

            await session.SendDownAsync($$"""{"round":{{round}}}""");
            using var last = await polls[0].Within();
            Assert.Equal($$"""{"round":{{round}}}""" + RawCoreClient.RecordSeparator, await last.Content.ReadAsStringAsync());
        }

        client.StartReading();
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Polls_that_wait_for_a_slow_one_to_end_do_not_end_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        client.ReceiveBufferBytes = 4096;

        // Larger than what the kernel takes on its way, so the gateway is in the middle of writing it.
        var large = new string('x', 12 * 1024 * 1024);
        using var slow = await SlowPollAsync();
        var before = Polls();
        var (first, second) = (client.PollAsync(), client.PollAsync());
        await Eventually.TrueAsync(() => Polls() == before + 2, "both polls are there");
        Assert.False(first.IsCompleted || second.IsCompleted);

        Assert.Equal(large.Length + 1, (await slow.Content.ReadAsByteArrayAsync().Within()).Length);

        var ended = await Task.WhenAny(first, second).Within();
        using var former = await ended;
        Assert.Equal(HttpStatusCode.NoContent, former.StatusCode);
        await session.SendDownAsync("{\"a\":1}");
        using var latter = await (ended == first ? second : first).Within();
        Assert.Equal("{\"a\":1}\u001e", await latter.Content.ReadAsStringAsync());
        client.StartReading();
        await session.AssertAliveAsync();

        int Polls() => gateway.Log.Entries.Count(entry => entry.EventName == "ExecutingEndpoint" && entry.Message.Contains("GET, CONNECT /client", StringComparison.Ordinal));

        async Task<HttpResponseMessage> SlowPollAsync()
        {
            var poll = client.RequestAsync(HttpMethod.Get, client.Url(), completion: HttpCompletionOption.ResponseHeadersRead);
            await session.SendDownAsync(large);
            return await poll.Within();
        }
    }

    [Fact]
    public async Task A_flood_arrives_whole_and_in_order_over_many_polls()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.LongPolling);
        var filling = new string('x', 100);

        for (var i = 0; i < 2000; i++)
        {
            await session.SendDownAsync($"{i} {filling}");
        }

        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal($"{i} {filling}", await session.Client.TakeAsync());
        }
    }

    [Fact]
    public async Task A_post_during_a_poll_is_taken_and_the_answer_comes_by_the_poll()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        var (poll, _) = await WaitingPollAsync(client);

        using var post = await client.PostAsync("{\"up\":1}" + RawCoreClient.RecordSeparator);

        Assert.Equal(HttpStatusCode.Accepted, post.StatusCode);
        Assert.False(poll.IsCompleted);
        Assert.Equal("{\"up\":1}", await session.TakeUpAsync());
        await session.SendDownAsync("{\"down\":1}");
        using var answer = await poll.Within();
        Assert.Equal("{\"down\":1}\u001e", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_says_goodbye_gets_204_and_its_app_server_hears_of_it_once()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.LongPolling);

        using var delete = await session.Client.DeleteAsync();

        Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
        Assert.Equal(204, (await session.Client.Ended).Status);
        Assert.Empty(session.Client.Records);
        Assert.Equal(string.Empty, (await session.TakeCloseAsync()).Error);
        using var late = await session.Client.PollAsync();
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        using var again = await session.Client.DeleteAsync();
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await server.SyncAsync();
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_client_that_said_goodbye_between_polls_is_forgotten_in_time()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        (await client.DeleteAsync()).Dispose();
        await session.TakeCloseAsync();
        using var post = await client.PostAsync("{}" + RawCoreClient.RecordSeparator);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        Assert.Contains("has ended", await post.Content.ReadAsStringAsync());

        gateway.Advance(TimeSpan.FromSeconds(15));

        using var later = await client.PostAsync("{}" + RawCoreClient.RecordSeparator);
        Assert.Contains("no connection with that id", await later.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_stops_polling_is_gone_after_the_disconnect_timeout()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);

        gateway.Advance(TimeSpan.FromSeconds(14));
        await server.SyncAsync();
        Assert.Empty(server.Received.OfType<CloseConnectionMessage>());
        gateway.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("transport", (await session.TakeCloseAsync()).Error);
        using var late = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NoContent, late.StatusCode);
    }

    [Fact]
    public async Task A_client_that_abandons_its_poll_and_vanishes_is_gone_after_the_disconnect_timeout()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Core:LongPoll=00:05:00", "Tandem:Servers:Timeout=00:10:00");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.LongPolling);
        var started = gateway.Time!.GetTimestamp();
        session.Client.Abort();

        await Eventually.TrueAsync(
            () => server.Received.OfType<CloseConnectionMessage>().Any(), "the app server is told", () => gateway.Advance(TimeSpan.FromSeconds(1)));

        Assert.InRange(gateway.Time.GetElapsedTime(started).TotalSeconds, 15, 10_000);
        gateway.Advance(TimeSpan.FromSeconds(60));
        await server.SyncAsync();
        Assert.Single(server.Received.OfType<CloseConnectionMessage>());
    }

    [Fact]
    public async Task A_poll_that_was_abandoned_loses_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        for (var i = 0; i < 5; i++)
        {
            var (abandoned, gaveUp) = await WaitingPollAsync(client);
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);

            var (poll, _) = await WaitingPollAsync(client);
            await session.SendDownAsync($$"""{"n":{{i}}}""");

            using var answer = await poll.Within();
            Assert.Equal($$"""{"n":{{i}}}""" + RawCoreClient.RecordSeparator, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_end_is_told_to_a_client_that_was_between_two_polls()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        await using var session = await StartIdleAsync(client, server);
        await session.SendDownAsync("{\"last\":1}");
        await session.SendDownAsync("""{"type":7}""");
        await server.SendAsync(new CloseConnectionMessage(session.Id, null, []));
        await server.SyncAsync();

        // Later than a closing transport may take, and still in time for a poll.
        gateway.Advance(TimeSpan.FromSeconds(14));

        using var poll = await client.PollAsync();
        Assert.Equal("{\"last\":1}\u001e{\"type\":7}\u001e", await poll.Content.ReadAsStringAsync());
        gateway.Advance(TimeSpan.FromSeconds(14));
        using var end = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        using var late = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    /// <summary>A poll that waits at the gateway: of two, the one that has not ended the other.</summary>
    private static async Task<(Task<HttpResponseMessage> Poll, CancellationTokenSource GaveUp)> WaitingPollAsync(RawCoreClient client)
    {
        var (one, two) = (new CancellationTokenSource(), new CancellationTokenSource());
        var (first, second) = (client.PollAsync(one.Token), client.PollAsync(two.Token));
        var ended = await Task.WhenAny(first, second).Within();
        using var former = await ended;
        Assert.Equal(HttpStatusCode.NoContent, former.StatusCode);
        return ended == first ? (second, two) : (first, one);
    }

    /// <summary>A client that has shaken hands, and polls when the test does.</summary>
    private static async Task<CoreSession> StartIdleAsync(RawCoreClient client, ScriptedAppServer server)
    {
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.LongPolling, reads: false);
        var session = await CoreSession.OpenAsync(client, server);
        await session.SendDownAsync("{}");
        using var poll = await client.PollAsync();
        Assert.Equal("{}\u001e", await poll.Content.ReadAsStringAsync());
        return session;
    }
}
