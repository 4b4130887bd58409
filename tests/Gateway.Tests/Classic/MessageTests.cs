using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

public sealed class MessageTests
{
    public static TheoryData<string> Transports => ["webSockets", "serverSentEvents", "longPolling"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_starts_calls_and_receives(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);

        Assert.Equal("""{"R":"hello","I":"0"}""", await session.EchoAsync("hello"));
        await server.InvokeAsync(session.Id, "say", "to you");
        Assert.Equal(ClassicAppServer.Invocation("say", "to you"), await session.Stream.TakeItemAsync());
        await server.BroadcastAsync("chat", "say", "to all");
        Assert.Equal(ClassicAppServer.Invocation("say", "to all"), await session.Stream.TakeItemAsync());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Abort_ends_the_stream_and_tells_the_app_server_once(string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);

        await session.Client.AbortAsync();

        Assert.Equal(string.Empty, (await server.TakeCloseAsync(session.Id)).Error ?? string.Empty);
        if (transport != "longPolling")
        {
            Assert.True((await session.Stream.Ended).Orderly);
        }

        await session.Client.AbortAsync();
        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is CloseConnectionMessage);
    }
}
