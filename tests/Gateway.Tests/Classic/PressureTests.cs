using System.Net.WebSockets;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>Clients that do not read, nodes that hold too much, and nodes that leave.</summary>
public sealed class PressureTests
{
    [Fact]
    public async Task A_client_that_stays_away_while_too_much_is_sent_is_ended()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Outbound:MaxQueuedBytes=10000");
        gateway.Log.Expect("SlowConsumer");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server);
        await session.Stream.CutAsync();
        for (var i = 0; i < 30; i++)
        {
            await server.InvokeAsync(session.Id, "say", new string('x', 1000));
        }

        Assert.NotEqual(string.Empty, (await server.TakeCloseAsync(session.Id)).Error);
        await Eventually.TrueAsync(() => gateway.Log.Entries.Any(entry => entry.EventName == "Closed"), "the connection is closed");
        session.Stream = await session.Client.ReconnectAsync();
        Assert.True((await session.Stream.TakeEnvelopeAsync()).TryGetProperty("E", out _));
    }

    [Fact]
    public async Task A_socket_that_is_not_read_gives_way_to_the_next_and_nothing_is_lost()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Classic:ReplayBytes=100000000", "Tandem:Classic:ReplayMessages=100000");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient());
        await client.NegotiateAsync();
        using var socket = await client.OpenSocketAsync(client.Url("connect"));
        var buffer = new byte[1000];
        var first = await socket.ReceiveAsync(buffer, CancellationToken.None).Within();
        client.MessageId = System.Text.Json.JsonDocument.Parse(buffer.AsMemory(0, first.Count)).RootElement.GetProperty("C").GetString();
        await client.StartAsync();
        await server.TakeOpenAsync(client.ConnectionId);
        var large = new string('x', 100_000);
        for (var i = 0; i < 150; i++)
        {
            await server.InvokeAsync(client.ConnectionId, "say", i, large);
        }

        await server.Application.SyncAsync();
        await using var stream = await client.ReconnectAsync();

        for (var i = 0; i < 150; i++)
        {
            Assert.StartsWith($"{{\"H\":\"chat\",\"M\":\"say\",\"A\":[{i},", await stream.TakeItemAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task A_node_that_keeps_too_much_lets_the_largest_go()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Classic:MaxReplayBytesTotal=30000");
        gateway.Log.Expect("ReplayReleased", "ReplayMissed");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var large = await ClassicSession.StartAsync(gateway, server);
        await using var small = await ClassicSession.StartAsync(gateway, server);
        var (largeSeen, smallSeen) = (large.Client.MessageId, small.Client.MessageId);
        await server.InvokeAsync(small.Id, "say", 1);
        await small.Stream.TakeItemAsync();
        await server.InvokeAsync(small.Id, "say", 2);
        await small.Stream.TakeItemAsync();
        for (var i = 0; i < 4; i++)
        {
            await server.InvokeAsync(large.Id, "say", new string('x', 8000));
            await large.Stream.TakeItemAsync();
        }

        gateway.Advance(TimeSpan.FromSeconds(1));
        large.Client.MessageId = largeSeen;
        small.Client.MessageId = smallSeen;
        await large.Stream.CutAsync();
        await small.Stream.CutAsync();
        await using var again = await large.Client.ReconnectAsync();
        Assert.True((await again.TakeEnvelopeAsync()).TryGetProperty("E", out _));
        small.Stream = await small.Client.ReconnectAsync();
        Assert.Contains("[1]", await small.Stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("[2]", await small.Stream.TakeItemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_keeps_too_much_for_long_does_not_say_so_every_second()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Classic:MaxReplayBytesTotal=1024");
        gateway.Log.Expect("ReplayReleased");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server);
        await server.InvokeAsync(session.Id, "say", new string('x', 8000));
        await session.Stream.TakeItemAsync();

        gateway.Advance(TimeSpan.FromSeconds(9));

        Assert.Single(gateway.Log.Entries, entry => entry.EventName == "ReplayReleased");
    }

    [Fact]
    public async Task What_is_older_than_a_reconnect_can_be_is_not_kept()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Classic:KeepAlive=00:00:02", "Tandem:Classic:DisconnectTimeout=00:00:06");
        gateway.Log.Expect("ReplayMissed");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server);
        var seen = session.Client.MessageId;
        await server.InvokeAsync(session.Id, "say", 1);
        await session.Stream.TakeItemAsync();
        await server.InvokeAsync(session.Id, "say", 2);
        await session.Stream.TakeItemAsync();
        var last = session.Client.MessageId;

        gateway.Advance(TimeSpan.FromSeconds(12));
        await session.Stream.CutAsync();
        session.Client.MessageId = last;
        session.Stream = await session.Client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await server.TakeDataAsync(session.Id));
        await session.AssertAliveAsync();

        await session.Stream.CutAsync();
        session.Client.MessageId = seen;
        session.Stream = await session.Client.ReconnectAsync();
        Assert.True((await session.Stream.TakeEnvelopeAsync()).TryGetProperty("E", out _));
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_node_that_shuts_down_sends_its_clients_to_reconnect(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);

        var stopping = gateway.App.StopAsync();

        Assert.True((await session.Stream.Ended).Orderly);
        Assert.DoesNotContain(session.Stream.Received, text => text.Contains("\"E\"", StringComparison.Ordinal));
        if (transport == "longPolling")
        {
            Assert.Contains(session.Stream.Received, text => text.Contains("\"T\":1", StringComparison.Ordinal));
        }

        Assert.NotEqual(string.Empty, (await server.TakeCloseAsync(session.Id)).Error);
        await server.Application.Closed;
        await stopping.Within();
    }
}
