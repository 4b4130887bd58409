using System.Net;
using System.Net.WebSockets;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.Draining;

public sealed class DrainTests
{
    [Fact]
    public async Task Clients_are_told_to_reconnect_and_app_servers_hear_of_it_before_they_are_closed()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        await gateway.App.StopAsync().Within();

        Assert.Equal(CloseReason.Shutdown, client.Ended);
        var close = await server.TakeAsync<CloseConnectionMessage>();
        Assert.Equal("c1", close.ConnectionId);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await server.Closed);
    }

    [Fact]
    public async Task A_draining_node_is_not_ready_and_takes_nobody_but_serves_who_is_there()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Drain:Delay=00:00:20");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        var stopping = gateway.App.StopAsync();

        using var ready = await gateway.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("draining", await ready.Content.ReadAsStringAsync());
        using var live = await gateway.Http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => gateway.OpenServerAsync());
        Assert.Contains("503", refused.Message);
        Assert.True(await client.SendAsync("still served"));
        await server.TakeAsync<ConnectionDataMessage>(data => data.Payload.Span.SequenceEqual("still served"u8));
        Assert.Equal(CloseReason.None, client.Ended);

        gateway.Time!.Advance(TimeSpan.FromSeconds(20));
        await stopping.Within();
        Assert.Equal(CloseReason.Shutdown, client.Ended);
    }

    [Fact]
    public async Task An_app_server_that_does_not_close_is_cut_after_the_timeout()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Drain:Timeout=00:00:03");
        gateway.Log.Expect("TimedOut", "Ended");
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), reads: false);
        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        await Eventually.TrueAsync(() => gateway.Pool().Length == 1, "the app server is attached");

        var stopping = gateway.App.StopAsync();
        await Eventually.TrueAsync(
            () => stopping.IsCompleted, "the node stops", () => gateway.Time!.Advance(TimeSpan.FromSeconds(1)));
        await stopping;
        Assert.Equal(0, gateway.ServerConnectionCount());
    }
}
