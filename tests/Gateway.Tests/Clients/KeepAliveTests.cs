using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Pings down, and how long a client may be silent.</summary>
public sealed class KeepAliveTests
{
    private const string Ping = """{"type":6}""";
    private const string Patient = "Tandem:Servers:Timeout=00:10:00";

    [Theory]
    [InlineData(RawTransport.WebSockets, "json")]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.WebSockets, "messagepack")]
    [InlineData(RawTransport.WebSockets, "blazorpack")]
    public async Task A_client_that_hears_nothing_is_pinged(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient);
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        byte[] expected = protocol == "json" ? [.. "{\"type\":6}"u8] : [0x91, 0x06];

        // The first tick sees the handshake response go out.
        gateway.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(expected, await session.Client.TakeBytesAsync());
        gateway.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(expected, await session.Client.TakeBytesAsync());
        Assert.Empty(session.Client.Records);
    }

    [Fact]
    public async Task A_client_that_hears_something_is_not()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient);
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server);
        for (var i = 0; i < 5; i++)
        {
            gateway.Advance(TimeSpan.FromSeconds(14));
            await session.SendDownAsync($$"""{"n":{{i}}}""");
            Assert.Equal($$"""{"n":{{i}}}""", await session.Client.TakeAsync());
        }
    }

    [Fact]
    public async Task A_client_that_polls_is_not_pinged()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient);
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.LongPolling, claims: new() { ["asrs.s.ttl"] = 2 });
        for (var i = 0; i < 20; i++)
        {
            gateway.Advance(TimeSpan.FromSeconds(2));
            await session.AssertAliveAsync();
        }
    }

    [Theory]
    [InlineData(RawTransport.WebSockets)]
    [InlineData(RawTransport.ServerSentEvents)]
    public async Task A_client_that_never_pinged_may_be_silent_for_ever(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient);
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport);

        gateway.Advance(TimeSpan.FromMinutes(3));

        Assert.False(session.Client.HasEnded);
        await server.SyncAsync();
        Assert.Empty(server.Received.OfType<CloseConnectionMessage>());
    }

    [Theory]
    [InlineData(RawTransport.WebSockets, "json")]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.WebSockets, "messagepack")]
    public async Task A_client_that_pinged_and_fell_silent_is_told_to_reconnect(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient, "Tandem:Core:KeepAliveInterval=01:00:00");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        byte[] ping = protocol == "json" ? [.. "{\"type\":6}\u001e"u8] : [0x02, 0x91, 0x06];
        byte[] mark = protocol == "json" ? [.. "{}\u001e"u8] : [0x01, 0x90];
        for (var i = 0; i < 3; i++)
        {
            // The message behind the ping says when the ping has been seen.
            await session.Client.SendAsync((byte[])[.. ping, .. mark]);
            Assert.Equal(mark, await session.TakeUpAsync(mark.Length));
            gateway.Advance(TimeSpan.FromSeconds(29));
            Assert.False(session.Client.HasEnded);
        }

        gateway.Advance(TimeSpan.FromSeconds(2));

        var close = await session.Client.TakeBytesAsync();
        Assert.Contains("silent", System.Text.Encoding.UTF8.GetString(close));
        Assert.True(protocol == "json" ? System.Text.Encoding.UTF8.GetString(close).Contains("\"allowReconnect\":true") : close[^1] == 0xC3);
        Assert.True((await session.Client.Ended).Orderly);
        Assert.Contains("silent", (await session.TakeCloseAsync()).Error);
    }

    [Fact]
    public async Task Pings_alone_keep_a_client()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync(Patient, "Tandem:Core:KeepAliveInterval=01:00:00");
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.ServerSentEvents);
        for (var i = 0; i < 5; i++)
        {
            // A POST is answered when it has been read.
            await session.Client.SendAsync(Ping);
            gateway.Advance(TimeSpan.FromSeconds(29));
        }

        await session.AssertAliveAsync();
        Assert.Empty(server.Received.OfType<ConnectionDataMessage>());
    }
}
