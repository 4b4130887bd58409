using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class GracefulShutdownTests
{
    [Fact]
    public async Task Off_closes_in_an_orderly_way_after_the_hubs_have_ended()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await ScriptedClient.ConnectAsync(server, "c1");
        await app.Events.TakeAsync("connected");

        await app.StopAsync().Within();

        Assert.True(await server.Ended.Task.Within());
        Assert.Equal("disconnected c1", await app.Events.TakeAsync("disconnected"));
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is PingMessage ping && ping[ServicePing.ShutdownKey] is not null);
    }

    [Fact]
    public async Task Hubs_can_still_send_a_farewell()
    {
        await using var app = await TestApp.StartAsync(map: static app => Microsoft.AspNetCore.Builder.HubEndpointRouteBuilderExtensions.MapHub<FarewellHub>(app, "/farewell"));
        await ScriptedClient.ConnectAsync(await app.Gateway.AcceptAsync(), "c1");

        await app.StopAsync().Within();

        await app.Gateway.TakeAsync<BroadcastDataMessage>();
    }

    [Theory]
    [InlineData(GracefulShutdownMode.WaitForClientsClose, ServicePing.FinWait, MigrationLevel.Off)]
    [InlineData(GracefulShutdownMode.MigrateClients, ServicePing.FinMigrate, MigrationLevel.ShutdownOnly)]
    public async Task It_is_announced_and_waits_for_the_clients(GracefulShutdownMode mode, string fin, MigrationLevel level)
    {
        await using var app = await TestApp.StartAsync(options => options.GracefulShutdown.Mode = mode);
        var server = await app.Gateway.AcceptAsync();
        Assert.Equal(level, server.Handshake!.MigrationLevel);
        var client = await ScriptedClient.ConnectAsync(server, "c1");

        var stop = app.StopAsync();
        await server.TakeAsync<PingMessage>(ping => ping[ServicePing.ShutdownKey] == fin);
        await client.InvokeAsync("Echo", "1", "still served");
        Assert.Equal("still served", (await client.ReadAsync()).GetProperty("result").GetString());
        Assert.False(stop.IsCompleted);
        await client.CloseAsync(mode == GracefulShutdownMode.MigrateClients ? [new(ServiceHeaders.MigrateTo, ["other"])] : []);

        await stop.Within();
        Assert.True(await server.Ended.Task.Within());
    }

    [Fact]
    public async Task It_ends_at_the_timeout_even_if_clients_stay_and_the_gateway_is_mute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(
            static options =>
            {
                options.GracefulShutdown.Mode = GracefulShutdownMode.WaitForClientsClose;
                options.GracefulShutdown.Timeout = TimeSpan.FromSeconds(20);
            },
            build: builder => builder.Services.AddSingleton<TimeProvider>(time));
        app.Gateway.AcknowledgeShutdown = false;
        var server = await app.Gateway.AcceptAsync();
        await ScriptedClient.ConnectAsync(server, "c1");

        var stop = app.StopAsync();
        await server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ShutdownKey] is not null);
        time.Advance(TimeSpan.FromSeconds(5));
        await server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ShutdownKey] is not null);
        Assert.False(stop.IsCompleted);

        await Eventually.TrueAsync(() => stop.IsCompleted, "the stop", () => time.Advance(TimeSpan.FromSeconds(1)));
        await app.Events.TakeAsync("disconnected c1");
    }
}

/// <summary>Says good-bye to everybody.</summary>
public sealed class FarewellHub : Hub
{
    public override Task OnDisconnectedAsync(Exception? exception) => Clients.All.SendAsync("farewell");
}
