using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.ServerConnections;

public sealed class LifeTests
{
    [Fact]
    public async Task A_lost_connection_leaves_the_pool_and_its_clients_are_closed_once()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        server.Abort();

        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 0, "the connection is gone");
        Assert.Empty(gateway.Pool());
        Assert.Equal(CloseReason.ServerConnectionLost, client.Ended);
        Assert.False(await client.SendAsync("too late"));
        Assert.Single(gateway.Log.Entries, entry => entry.EventName == "Detached");
    }

    [Fact]
    public async Task A_closed_connection_is_answered_and_gone()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();

        await server.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await server.Closed);
        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 0, "the connection is gone");
        Assert.Single(gateway.Log.Entries, entry => entry.EventName == "Detached");
    }

    [Fact]
    public async Task Clients_go_both_ways_over_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        Assert.Equal("c1", (await server.TakeAsync<OpenConnectionMessage>()).ConnectionId);
        Assert.True((await server.TakeAsync<ConnectionDataMessage>()).Payload.Span.SequenceEqual("{}"u8));
        await server.SendAsync(new ConnectionDataMessage("c1", "down"u8.ToArray()));
        await client.TakeAsync("down");
        Assert.True(await client.SendAsync("up"));
        Assert.True((await server.TakeAsync<ConnectionDataMessage>()).Payload.Span.SequenceEqual("up"u8));
        gateway.Services.GetRequiredService<ConnectionRouter>().Disconnect(client.Connection, CloseReason.ClientClosed);
        Assert.Equal("c1", (await server.TakeAsync<CloseConnectionMessage>()).ConnectionId);
    }

    [Fact]
    public async Task Data_of_one_client_keeps_its_order()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxBufferedBytes=16384");
        var server = await gateway.ConnectServerAsync();
        var clients = new List<TestClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await TestClient.ConnectAsync(gateway, "c" + i));
        }

        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            for (var number = 0; number < 200; number++)
            {
                Assert.True(await client.SendAsync($"{number:D4}{new string('x', number)}"));
            }
        }))).Within();

        await Eventually.TrueAsync(() => server.Received.OfType<ConnectionDataMessage>().Count() == 20 * 201, "everything arrives");
        foreach (var byClient in server.Received.OfType<ConnectionDataMessage>().GroupBy(data => data.ConnectionId))
        {
            var numbers = byClient.Skip(1).Select(data => int.Parse(data.Payload.Span[..4], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, 200), numbers);
        }
    }

    [Fact]
    public async Task A_hub_takes_so_many_server_connections_and_a_place_becomes_free_again()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxConnectionsPerHub=1");
        var first = await gateway.ConnectServerAsync();
        await gateway.ConnectServerAsync("other");

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => gateway.OpenServerAsync());
        Assert.Contains("503", refused.Message);

        await first.CloseAsync();
        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 1, "the first is gone");
        await gateway.ConnectServerAsync();
    }

    [Fact]
    public async Task A_gateway_takes_so_many_hubs()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Limits:MaxHubs=1");
        await gateway.ConnectServerAsync();

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => gateway.OpenServerAsync("other"));

        Assert.Contains("503", refused.Message);
    }

    [Fact]
    public async Task A_request_that_is_no_WebSocket_gets_400_and_a_text()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/server/?hub=chat");
        request.Headers.Authorization = new("Bearer", gateway.Tokens.Server());

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("WebSocket", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_app_server_that_reads_nothing_is_given_up()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:MaxQueuedControlBytes=65536");
        gateway.Log.Expect("Ended");
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), reads: false);
        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        await Eventually.TrueAsync(() => gateway.Pool().Length == 1, "the app server is attached");

        // Answers nobody takes: first the sockets fill, then the gateway's own buffer.
        var question = ServiceProtocolWriter.WriteToArray(new CheckConnectionExistenceMessage("nobody", 1));
        var questions = Enumerable.Repeat(question, 5000).SelectMany(bytes => bytes).ToArray();
        try
        {
            await Eventually.TrueAsync(
                () => gateway.ServerConnectionCount() == 0, "the connection is ended", () => server.SendBytesAsync(questions).GetAwaiter().GetResult());
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // It was ended while we wrote.
        }

        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 0, "the connection is gone");
        Assert.Contains(gateway.Log.Entries, entry => entry.EventName == "Ended" && entry.Message.Contains("Backlog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_server_that_talks_but_takes_nothing_for_thirty_seconds_is_lost()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync("Tandem:Servers:MaxBufferedBytes=65536");
        gateway.Log.Expect("Ended");
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), reads: false);
        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        await Eventually.TrueAsync(() => gateway.Pool().Length == 1, "the app server is attached");
        var client = await TestClient.ConnectAsync(gateway, "c1");

        // Until the sockets are full and the client has to wait.
        var payload = new byte[1024 * 1024];
        Task<bool> waiting;
        do
        {
            waiting = client.SendAsync(payload).AsTask();
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromSeconds(1)));
        }
        while (waiting.IsCompleted);

        gateway.Advance(TimeSpan.FromSeconds(20));
        await server.SendAsync(new ConnectionDataMessage("c1", "still talking"u8.ToArray()));
        await client.TakeAsync("still talking");
        Assert.Equal(1, gateway.ServerConnectionCount());
        gateway.Advance(TimeSpan.FromSeconds(11));

        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 0, "the connection is gone");
        Assert.False(await waiting.Within());
        Assert.Equal(CloseReason.ServerConnectionLost, client.Ended);
        Assert.Contains(gateway.Log.Entries, entry => entry.EventName == "Ended" && entry.Message.Contains("took nothing", StringComparison.Ordinal));
    }
}
