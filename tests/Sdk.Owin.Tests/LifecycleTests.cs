using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Messaging;
using Microsoft.AspNet.SignalR.Transports;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Server_connections_are_those_of_the_application_and_of_its_hubs()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialHubServerConnectionCount = 2);

        var hubs = app.Gateway.Connections.GroupBy(static connection => connection.Hub).ToDictionary(static hub => hub.Key, static hub => hub.Count());

        Assert.Equal(1, hubs["app_app"]);
        Assert.Equal(2, hubs["app_chat"]);
        Assert.Equal(2, hubs["app_secondhub"]);
        Assert.All(app.Gateway.Connections, static connection => Assert.Equal("/aspnetserver/", connection.Path));
    }

    [Fact]
    public async Task The_proxy_script_is_offered_to_the_gateway()
    {
        await using var app = await TestApp.StartAsync();

        var ping = await app.Server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ProxiesKey] is not null);

        Assert.Contains("hubConnection(\"/{tandem-url}\"", ping[ServicePing.ProxiesKey]);
        Assert.Contains("proxies['chat']", ping[ServicePing.ProxiesKey]);
    }

    [Theory]
    [InlineData(null, "True")]
    [InlineData("The client was lost.", "False")]
    public async Task A_client_that_stops_and_one_that_is_lost_end_once_each(string? error, string stopCalled)
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.CloseAsync(error);
        await client.CloseAsync(error);

        await app.Events.TakeAsync("disconnected c1 " + stopCalled);
        await app.Application.StopAsync().Within();
        Assert.Empty(app.Events.All);
        Assert.Empty(app.Logs.Surprises);
    }

    [Fact]
    public async Task A_reconnect_is_told()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.SendAsync("asrs:reconnect");

        await app.Events.TakeAsync("reconnected c1");
    }

    [Fact]
    public async Task Clients_end_with_their_server_connection_and_can_come_back()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("Lost");
        await app.ConnectAsync();

        app.Server.Abort();
        await app.Events.TakeAsync("disconnected c1 False");

        var server = await app.HubServerAsync("app_app");
        var client = await ScriptedClassicClient.OpenAsync(server, "c1", ["chat"]);
        await app.Events.TakeAsync("connected c1");
        Assert.Equal("again", (await client.InvokeAsync("chat", "Echo", "again")).GetProperty("R").GetString());
    }

    [Fact]
    public async Task A_client_that_comes_back_before_its_loss_was_seen_ends_first_and_begins_again()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialApplicationServerConnectionCount = 2);
        var first = await app.ConnectAsync();
        var second = await app.HubServerAsync("app_app");

        var client = await ScriptedClassicClient.OpenAsync(second, "c1", ["chat"]);
        await app.Events.TakeAsync("connected c1");
        await first.CloseAsync();

        Assert.Equal("here", (await client.InvokeAsync("chat", "Echo", "here")).GetProperty("R").GetString());
        Assert.Equal(["disconnected c1 False"], app.Events.All);
    }

    [Fact]
    public async Task A_client_begins_again_only_when_its_former_life_has_ended()
    {
        await using var app = await TestApp.StartAsync();
        await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["chat"], query: "&slow=1");
        await app.Events.TakeAsync("connected c1");

        await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["chat"]);
        await app.ConnectAsync("c2");
        await app.ConnectAsync("c3");
        Assert.Empty(app.Events.All);

        app.Events.Gate.TrySetResult();
        await app.Events.TakeAsync("disconnected c1 False");
        await app.Events.TakeAsync("connected c1");
    }

    [Fact]
    public async Task A_client_whose_gateway_is_gone_is_lost()
    {
        await using var app = await TestApp.StartAsync();
        await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["chat"], headers: [new(ServiceHeaders.InstanceId, ["node-1"])]);
        await app.Events.TakeAsync("connected c1");

        await app.Server.SendAsync(new PingMessage(ServicePing.OfflineKey, "node-1"));

        await app.Events.TakeAsync("disconnected c1 False");
    }

    [Theory]
    [InlineData("nohub", "The application could not open the connection.")]
    [InlineData("LockedHub", "Unable to authorize request")]
    public async Task A_client_that_cannot_be_served_is_refused(string hub, string reason)
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("OpenFailed");

        var client = await ScriptedClassicClient.OpenAsync(app.Server, "c1", [hub]);

        Assert.Equal(reason, (await client.ClosedAsync()).Error);
        Assert.Empty(app.Events.All);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("chat.lockedhub")]
    public async Task A_hub_the_client_may_not_use_and_the_gateway_let_it_into_ends_it(string? gatewayHubs)
    {
        await using var app = await TestApp.StartAsync();

        var client = await ScriptedClassicClient.OpenAsync(
            app.Server, "c1", ["chat", "LockedHub"], gatewayHubs is null ? null : [new(ServiceClaims.AllowedHubs, gatewayHubs)]);

        Assert.Equal("Unable to authorize request", (await client.ClosedAsync()).Error);
    }

    [Fact]
    public async Task A_hub_the_gateway_kept_it_out_of_is_dropped_from_the_connection()
    {
        await using var app = await TestApp.StartAsync();

        await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["chat", "LockedHub"], [new(ServiceClaims.AllowedHubs, "chat.another")]);

        await app.Events.TakeAsync("connected c1");
    }

    [Fact]
    public async Task A_failing_OnConnected_ends_the_connection()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("OpenFailed");

        var client = await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["chat"], query: "&fail=1");

        Assert.Equal("The application could not open the connection.", (await client.ClosedAsync()).Error);
        await app.Events.TakeAsync("disconnected c1 False");
    }

    [Fact]
    public async Task A_backplane_in_the_place_of_the_gateways_bus_is_reported()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("Lost", "BusReplaced");
        var bus = new MessageBus(new DefaultDependencyResolver());
        app.Resolver.Register(typeof(IMessageBus), () => bus);

        app.Server.Abort();
        await app.HubServerAsync("app_app");

        await Eventually.TrueAsync(() => app.Logs.Entries.Any(static entry => entry.EventName == "BusReplaced"), "it is reported");
    }

    [Fact]
    public async Task The_heartbeat_lists_connections_and_can_end_one()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();
        await app.ConnectAsync("c2");

        var connections = app.Resolver.Resolve<ITransportHeartbeat>().GetConnections();
        Assert.Equal(["c1", "c2"], connections.Select(static connection => connection.ConnectionId).Order());
        await connections.Single(static connection => connection.ConnectionId == "c1").Disconnect();

        Assert.Equal("The application has ended the connection.", (await client.ClosedAsync()).Error);
        await app.Events.TakeAsync("disconnected c1 False");
        Assert.Equal("c2", Assert.Single(app.Resolver.Resolve<ITransportHeartbeat>().GetConnections()).ConnectionId);
    }

    [Fact]
    public async Task Stopping_ends_all_clients_and_closes_server_connections_in_order()
    {
        await using var app = await TestApp.StartAsync();
        await app.ConnectAsync();
        await app.ConnectAsync("c2");
        var ended = app.Gateway.Connections.Select(static connection => connection.Ended.Task).ToArray();

        await app.Application.StopAsync().Within();

        await app.Events.TakeAsync("disconnected c1 False");
        await app.Events.TakeAsync("disconnected c2 False");
        Assert.All(await Task.WhenAll(ended).Within(), Assert.True);
    }

    [Fact]
    public async Task Graceful_shutdown_waits_for_the_clients()
    {
        await using var app = await TestApp.StartAsync(static options => options.GracefulShutdown.Mode = GracefulShutdownMode.WaitForClientsClose);
        var client = await app.ConnectAsync();

        var stopping = app.Application.StopAsync();
        await app.Server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ShutdownKey] == ServicePing.FinWait);
        Assert.Equal("still", (await client.InvokeAsync("chat", "Echo", "still")).GetProperty("R").GetString());
        Assert.False(stopping.IsCompleted);

        await client.CloseAsync();
        await stopping.Within();
        await app.Events.TakeAsync("disconnected c1 True");
    }
}
