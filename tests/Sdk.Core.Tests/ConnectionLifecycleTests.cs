using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class ConnectionLifecycleTests
{
    [Fact]
    public async Task A_client_that_goes_away_ends_its_hub_without_an_answer()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();
        await app.Events.TakeAsync("connected c1");

        await client.CloseAsync();

        Assert.Equal("disconnected c1", await app.Events.TakeAsync("disconnected"));
        await app.StopAsync();
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is CloseConnectionMessage or ConnectionDataMessage);
    }

    [Fact]
    public async Task Messages_sent_before_a_client_went_are_still_handled()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Broadcast", null, "farewell");
        await client.CloseAsync();

        await app.Gateway.TakeAsync<BroadcastDataMessage>();
        await app.Events.TakeAsync("disconnected c1");
    }

    [Fact]
    public async Task A_lost_gateway_ends_its_clients_and_is_connected_again()
    {
        await using var app = await TestApp.StartAsync();
        await app.ConnectClientAsync();
        await app.Events.TakeAsync("connected c1");

        await app.Gateway.CrashAsync();

        Assert.StartsWith("disconnected c1 ConnectionResetException", await app.Events.TakeAsync("disconnected"), StringComparison.Ordinal);
        await app.Gateway.RestartAsync();
        var again = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(again, "c2");
        await client.InvokeAsync("Echo", "1", "back");
        Assert.Equal("back", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task One_lost_server_connection_ends_only_its_own_clients()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialHubServerConnectionCount = 2);
        var first = await app.Gateway.AcceptAsync();
        var second = await app.Gateway.AcceptAsync();
        await ScriptedClient.ConnectAsync(first, "c1");
        var stays = await ScriptedClient.ConnectAsync(second, "c2");

        first.Abort();

        await app.Events.TakeAsync("disconnected c1");
        await stays.InvokeAsync("Echo", "1", "still here");
        Assert.Equal("still here", (await stays.ReadAsync()).GetProperty("result").GetString());
        Assert.DoesNotContain(app.Events.Items, static item => item.StartsWith("disconnected c2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_instance_that_is_gone_takes_its_clients_along()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await ScriptedClient.ConnectAsync(server, "c1", headers: [new(ServiceHeaders.InstanceId, ["node a"])]);
        var stays = await ScriptedClient.ConnectAsync(server, "c2", headers: [new(ServiceHeaders.InstanceId, ["node b"])]);

        await server.SendAsync(new PingMessage(ServicePing.OfflineKey, "node a"));

        await app.Events.TakeAsync("disconnected c1");
        await stays.InvokeAsync("Echo", "1", "still here");
        Assert.Equal("still here", (await stays.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_client_that_comes_from_another_app_server_is_not_greeted_again()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.OpenAsync(server, "c1", headers: [new(ServiceHeaders.MigrateFrom, ["old-server"])]);
        Assert.Equal("connected c1  old-server", await app.Events.TakeAsync("connected"));

        await client.InvokeAsync("Echo", "1", "moved");

        Assert.Equal("moved", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_client_that_goes_to_another_app_server_hears_nothing_more_from_here()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1");
        await app.Events.TakeAsync("connected");

        await client.CloseAsync(new KeyValuePair<string, string[]>(ServiceHeaders.MigrateTo, ["new-server"]));

        Assert.Equal("disconnected c1  new-server", await app.Events.TakeAsync("disconnected"));
        await app.StopAsync();
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is CloseConnectionMessage or ConnectionDataMessage);
    }

    [Fact]
    public async Task A_client_that_is_announced_again_begins_anew_when_the_hub_has_said_goodbye()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialHubServerConnectionCount = 2);
        var first = await app.Gateway.AcceptAsync();
        var second = await app.Gateway.AcceptAsync();
        await ScriptedClient.ConnectAsync(first, "c1");
        await app.Events.TakeAsync("connected");

        var client = await ScriptedClient.ConnectAsync(second, "c1");

        Assert.StartsWith("disconnected c1", await app.Events.TakeAsync("disconnected"), StringComparison.Ordinal);
        await app.Events.TakeAsync("connected");
        await client.InvokeAsync("Echo", "1", "here again");
        Assert.Equal("here again", (await client.ReadAsync()).GetProperty("result").GetString());
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is CloseConnectionMessage);
    }

    [Fact]
    public async Task Unknown_connections_and_messages_are_ignored()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await server.SendAsync(new ConnectionDataMessage("nobody", Encoding.UTF8.GetBytes("x")));
        await server.SendAsync(new ConnectionDataMessage(new string('n', 1000), Encoding.UTF8.GetBytes("x")));
        await server.SendAsync(new CloseConnectionMessage("nobody", null, []));
        await server.SendAsync(new AckMessage(12345, AckStatus.Ok, null));
        await server.SendAsync(new ErrorCompletionMessage("q", "nobody", "x", "error"));
        await server.SendAsync(new ClientCompletionMessage("q", "nobody", "x", "json", default));
        await server.SendAsync(new ServiceEventMessage(0, "node", 0, "reloading"));
        await server.SendAsync(new ConnectionReconnectMessage("nobody"));
        await server.SendAsync(new BroadcastDataMessage([], default));
        await server.SendRawAsync(new byte[] { 2, 0x91, 99 });

        var client = await ScriptedClient.ConnectAsync(server, "c1");

        await client.InvokeAsync("Echo", "1", "still here");
        Assert.Equal("still here", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_refused_handshake_is_answered_and_closed()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await server.SendAsync(new OpenConnectionMessage("c1", [], [], string.Empty, "morse"));
        await server.SendAsync(new ConnectionDataMessage("c1", Encoding.UTF8.GetBytes("{\"protocol\":\"morse\",\"version\":1}\u001e")));

        var answer = await server.TakeAsync<ConnectionDataMessage>();

        Assert.Contains("morse", Encoding.UTF8.GetString(answer.Payload.Span), StringComparison.Ordinal);
        Assert.Equal("c1", (await server.TakeAsync<CloseConnectionMessage>()).ConnectionId);
    }

    [Fact]
    public async Task A_hub_that_is_slow_for_one_client_does_not_hold_up_others_and_that_client_is_closed()
    {
        await using var app = await TestApp.StartAsync(
            static options => options.MaxWaitingBytesPerClient = 64 * 1024,
            signalR: static hubs => hubs.AddHubOptions<ChatHub>(static hub => hub.MaximumParallelInvocationsPerClient = 1));
        var server = await app.Gateway.AcceptAsync();
        var slow = await ScriptedClient.ConnectAsync(server, "slow");
        var quick = await ScriptedClient.ConnectAsync(server, "quick");

        await slow.InvokeAsync("Wait");
        for (var i = 0; i < 20; i++)
        {
            await slow.InvokeAsync("Echo", null, new string('x', 10_000));
        }

        await quick.InvokeAsync("Echo", "1", "not held up");
        Assert.Equal("not held up", (await quick.ReadAsync()).GetProperty("result").GetString());
        app.Events.Gate.SetResult();
        var close = await app.Gateway.TakeAsync<CloseConnectionMessage>();
        Assert.Equal("slow", close.ConnectionId);
        Assert.Contains("did not keep up", close.Error, StringComparison.Ordinal);
        await app.Events.TakeAsync("disconnected slow ConnectionResetException");
    }

    [Fact]
    public async Task Every_mapped_hub_has_server_connections_of_its_own()
    {
        await using var app = await TestApp.StartAsync(map: static app =>
        {
            app.MapHub<ChatHub>("/chat");
            app.MapHub<WhoHub>("/who");
        });

        var hubs = new[] { (await app.Gateway.AcceptAsync()).Hub, (await app.Gateway.AcceptAsync()).Hub };

        Assert.Equal(["chathub", "whohub"], hubs.Order());
    }
}
