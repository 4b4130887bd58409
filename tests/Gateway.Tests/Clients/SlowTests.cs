using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Readers that do not keep up, on either side.</summary>
public sealed class SlowTests
{
    [Fact]
    public async Task A_client_that_does_not_read_is_disconnected_and_another_one_gets_everything()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Outbound:MaxQueuedBytes=65536");
        gateway.Log.Expect("SlowConsumer");
        var server = await gateway.ConnectServerAsync();
        await using var good = await CoreSession.ConnectAsync(gateway, server);
        await using var client = CoreSession.NewClient(gateway);
        client.ReceiveBufferBytes = 4096;
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.WebSockets, reads: false);
        await using var slow = await CoreSession.OpenAsync(client, server);
        await slow.SendDownAsync("{}");
        var flood = new string('x', 32 * 1024);

        // What the kernel buffers is a few megabytes at most.
        var sent = 0;
        while (!server.Received.OfType<CloseConnectionMessage>().Any())
        {
            Assert.True(sent < 4000, "The client is still connected after 128 MB that it has not read.");
            await slow.SendDownAsync(flood);
            await good.SendDownAsync($$"""{"n":{{sent}}}""");
            Assert.Equal($$"""{"n":{{sent}}}""", await good.Client.TakeAsync());
            sent++;
        }

        Assert.Contains("fast enough", (await slow.TakeCloseAsync()).Error);
        await good.AssertAliveAsync();

        // It sees whole messages, and then the end; no close message after a gap.
        client.StartReading();
        Assert.False((await client.Ended).Orderly);
        Assert.Equal("{}", client.Records[0].Text);
        Assert.All(client.Records.Skip(1), record => Assert.Equal(flood, record.Text));
    }

    [Fact]
    public async Task A_client_that_does_not_poll_is_disconnected_when_its_budget_is_used_up()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Outbound:MaxQueuedFrames=16");
        gateway.Log.Expect("SlowConsumer");
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(RawTransport.LongPolling, reads: false);
        await using var session = await CoreSession.OpenAsync(client, server);
        await session.SendDownAsync("{}");

        for (var i = 0; i < 16; i++)
        {
            await session.SendDownAsync("{}");
        }

        Assert.Contains("fast enough", (await session.TakeCloseAsync()).Error);
        await server.SyncAsync();
        using var poll = await client.PollAsync();
        Assert.Equal(HttpStatusCode.NoContent, poll.StatusCode);
    }

    [Fact]
    public async Task An_app_server_that_does_not_read_makes_its_clients_wait_and_then_gets_everything()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:MaxBufferedBytes=65536");
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), reads: false);
        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        await Eventually.TrueAsync(() => gateway.Pool().Length == 1, "the app server is attached");
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(RawTransport.ServerSentEvents);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, "{}\u001e"u8.ToArray()));
        Assert.Equal("{}", await client.TakeAsync());

        // Far more than the kernel holds on both sides.
        const int Messages = 48;
        var message = Encoding.ASCII.GetBytes(new string('x', (512 * 1024) - 1) + RawCoreClient.RecordSeparator);
        var accepted = 0;
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await client.SendAsync(message);
                Interlocked.Increment(ref accepted);
            }
        });
        await AssertStandsStillAsync(() => Volatile.Read(ref accepted));
        Assert.True(accepted < Messages, "All of it was accepted while nobody read it.");
        Assert.False(sending.IsCompleted);

        // Meanwhile the way down is free.
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, "{\"down\":1}\u001e"u8.ToArray()));
        Assert.Equal("{\"down\":1}", await client.TakeAsync());

        server.StartReading();
        await sending.Within();
        var open = await server.TakeAsync<OpenConnectionMessage>();
        var session = new CoreSession(client, server, open);
        await session.TakeUpAsync();
        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal(message.Length - 1, (await session.TakeUpAsync()).Length);
        }
    }

    [Fact]
    public async Task A_client_that_waits_for_its_app_server_may_go_and_leaves_nothing()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:MaxBufferedBytes=65536");
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), reads: false);
        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        await Eventually.TrueAsync(() => gateway.Pool().Length == 1, "the app server is attached");
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(RawTransport.ServerSentEvents);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        var message = Encoding.ASCII.GetBytes(new string('x', (512 * 1024) - 1) + RawCoreClient.RecordSeparator);
        var accepted = 0;
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await client.SendAsync(message);
                Interlocked.Increment(ref accepted);
            }
        });
        await AssertStandsStillAsync(() => Volatile.Read(ref accepted));

        client.Abort();

        await Assert.ThrowsAnyAsync<Exception>(() => sending.Within());
        var router = gateway.Services.GetRequiredService<ConnectionRouter>();
        await Eventually.TrueAsync(() => router.Count == 0, "the client is gone");
        server.StartReading();
        var close = await server.TakeAsync<CloseConnectionMessage>();
        Assert.Equal(client.ConnectionId, close.ConnectionId);
        await server.SyncAsync();
        Assert.Empty(server.Received.OfType<CloseConnectionMessage>());
    }

    /// <summary>Waits until a number has stopped to grow. On a machine that is slow enough it may only seem so; then it is smaller than it could be.</summary>
    private static async Task AssertStandsStillAsync(Func<int> number)
    {
        var (last, same) = (-1, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = number();
                same = now == last ? same + 1 : 0;
                last = now;
                return same == 40;
            },
            "the sender has to wait");
    }
}
