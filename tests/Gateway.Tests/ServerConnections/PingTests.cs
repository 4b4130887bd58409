using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.ServerConnections;

public sealed class PingTests
{
    [Fact]
    public async Task A_status_ping_is_answered_with_the_numbers_of_the_hub()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Limits:MaxConnections=10");
        var server = await gateway.ConnectServerAsync();
        await gateway.ConnectServerAsync(serverId: "server-2");
        await gateway.ConnectServerAsync("other");
        await TestClient.ConnectAsync(gateway, "c1");

        await server.SendAsync(new PingMessage(ServicePing.StatusKey, "1"));

        var status = await server.TakePingAsync(ServicePing.StatusKey);
        Assert.Equal("1", status[ServicePing.StatusKey]);
        Assert.Equal("1", status[ServicePing.ClientCountKey]);
        Assert.Equal("2", status[ServicePing.ServerCountKey]);
        Assert.Equal("9", status[ServicePing.CapacityKey]);
    }

    [Fact]
    public async Task A_hub_without_clients_has_status_zero()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();

        await server.SendAsync(new PingMessage(ServicePing.StatusKey, "1"));

        Assert.Equal("0", (await server.TakePingAsync(ServicePing.StatusKey))[ServicePing.StatusKey]);
    }

    [Fact]
    public async Task A_servers_ping_is_answered_with_growing_timestamps_and_each_app_server_once()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.ConnectServerAsync(serverId: "a");
        await gateway.ConnectServerAsync(serverId: "a");
        await gateway.ConnectServerAsync(serverId: "b", kind: ServerConnectionKind.Weak);

        await server.SendAsync(new PingMessage(ServicePing.ServersKey, string.Empty));
        await server.SendAsync(new PingMessage(ServicePing.ServersKey, string.Empty));

        var first = (await server.TakePingAsync(ServicePing.ServersKey))[ServicePing.ServersKey]!.Split(':');
        var second = (await server.TakePingAsync(ServicePing.ServersKey))[ServicePing.ServersKey]!.Split(':');
        Assert.Equal(["a", "b"], first[1].Split(';').Order());
        Assert.True(long.Parse(second[0], System.Globalization.CultureInfo.InvariantCulture) > long.Parse(first[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(ServicePing.FinOff)]
    [InlineData(ServicePing.FinMigrate)]
    [InlineData(ServicePing.FinWait)]
    public async Task A_shutdown_is_acknowledged_on_its_connection_as_often_as_it_is_announced(string fin)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var other = await gateway.ConnectServerAsync(serverId: "server-2");

        for (var i = 0; i < 2; i++)
        {
            await server.SendAsync(new PingMessage(ServicePing.ShutdownKey, fin));
            Assert.Equal(ServicePing.FinAck, (await server.TakePingAsync(ServicePing.ShutdownKey))[ServicePing.ShutdownKey]);
        }

        Assert.False(gateway.Pool().Single(connection => connection.ServerId == "server-1").AcceptsClients);
        Assert.True(gateway.Pool().Single(connection => connection.ServerId == "server-2").AcceptsClients);
        Assert.DoesNotContain(other.Received, message => message is PingMessage { Pairs.Count: > 0 });
    }

    [Fact]
    public async Task Clients_arriving_after_a_shutdown_go_elsewhere_and_those_there_stay()
    {
        await using var gateway = await TestGateway.StartAsync();
        var leaving = await gateway.ConnectServerAsync();
        var before = await TestClient.ConnectAsync(gateway, "before");
        await leaving.TakeAsync<OpenConnectionMessage>();
        await leaving.SendAsync(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinWait));
        await leaving.TakePingAsync(ServicePing.ShutdownKey);
        var other = await gateway.ConnectServerAsync(serverId: "server-2");

        await TestClient.ConnectAsync(gateway, "after");

        Assert.Equal("after", (await other.TakeAsync<OpenConnectionMessage>()).ConnectionId);
        Assert.True(await before.SendAsync("still here"));
        await leaving.TakeAsync<ConnectionDataMessage>(data => data.Payload.Span.SequenceEqual("still here"u8));
    }

    [Fact]
    public async Task A_migrating_shutdown_moves_clients_before_it_is_acknowledged()
    {
        await using var gateway = await TestGateway.StartAsync();
        var from = await gateway.ConnectServerAsync(migration: MigrationLevel.ShutdownOnly);
        var client = await TestClient.ConnectAsync(gateway, "c1");
        await from.SendAsync(new ConnectionDataMessage("c1", "welcome"u8.ToArray()));
        await client.TakeAsync("welcome");
        var to = await gateway.ConnectServerAsync(serverId: "server-2", migration: MigrationLevel.ShutdownOnly);

        await from.SendAsync(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinMigrate));
        await from.TakePingAsync(ServicePing.ShutdownKey);

        var close = Assert.Single(from.Received.OfType<CloseConnectionMessage>());
        Assert.Contains(close.Headers, header => header.Key == ServiceHeaders.MigrateTo && header.Value is ["server-2"]);
        var open = await to.TakeAsync<OpenConnectionMessage>();
        Assert.Contains(open.Headers, header => header.Key == ServiceHeaders.MigrateFrom && header.Value is ["server-1"]);
        Assert.True(await client.SendAsync("after"));
        await to.TakeAsync<ConnectionDataMessage>(data => data.Payload.Span.SequenceEqual("after"u8));
    }

    [Fact]
    public async Task Clients_that_had_nowhere_to_go_move_with_a_later_ping()
    {
        await using var gateway = await TestGateway.StartAsync();
        var from = await gateway.ConnectServerAsync(migration: MigrationLevel.Any);
        var client = await TestClient.ConnectAsync(gateway, "c1");
        await from.SendAsync(new ConnectionDataMessage("c1", "welcome"u8.ToArray()));
        await client.TakeAsync("welcome");
        await from.SendAsync(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinMigrate));
        await from.TakePingAsync(ServicePing.ShutdownKey);
        Assert.Empty(from.Received.OfType<CloseConnectionMessage>());

        var to = await gateway.ConnectServerAsync(serverId: "server-2", migration: MigrationLevel.Any);
        await from.SendAsync(PingMessage.KeepAlive);

        Assert.Equal("c1", (await to.TakeAsync<OpenConnectionMessage>()).ConnectionId);
    }

    [Fact]
    public async Task News_and_unknown_keys_are_ignored()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();

        await server.SendAsync(new PingMessage([new(ServicePing.ClientsInHubKey, "3"), new(ServicePing.ClientsKey, "1")]));
        await server.SendAsync(new PingMessage(ServicePing.EchoKey, "hello"));
        await server.SendAsync(new PingMessage(ServicePing.ShutdownKey, "fin:9"));
        await server.SendAsync(new PingMessage("of the future", "x"));
        await server.SyncAsync();

        Assert.Empty(server.Received);
        Assert.True(gateway.Pool().Single().AcceptsClients);
    }

    [Fact]
    public async Task Pings_come_every_five_seconds_and_silence_of_thirty_ends_the_connection()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        gateway.Advance(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => server.Received.OfType<PingMessage>().Count() == 4, "four pings came");
        await server.SendAsync(PingMessage.KeepAlive);
        await server.SyncAsync();

        gateway.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(gateway.Pool());
        gateway.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await server.Closed);
        await Eventually.TrueAsync(() => gateway.Pool().Length == 0, "the connection leaves the pool");
        Assert.Equal(CloseReason.ServerConnectionLost, client.Ended);
    }
}
