using Tandem.Protocols.Service;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Servers;

public class ServerConnectionBalancerTests
{
    [Fact]
    public async Task An_app_server_is_asked_for_another_connection_when_every_one_is_at_the_limit()
    {
        using var node = new TestNode(options => options.ClientsPerServerConnection = 2);
        var servers = new[] { node.AddServer("s1"), node.AddServer("s2") };
        for (var i = 0; i < 3; i++)
        {
            await node.ConnectAsync();
        }

        node.Balancer.OnHeartbeat();
        Assert.Empty(Targets(servers));
        await node.ConnectAsync();
        node.Balancer.OnHeartbeat();

        Assert.Equal([node.Ids.NodeTag], Targets(servers));
    }

    [Fact]
    public async Task The_app_server_with_the_fewest_clients_is_asked()
    {
        using var node = new TestNode(options => options.ClientsPerServerConnection = 1);
        var busy = node.AddServer("s1");
        await node.ConnectAsync();
        await node.ConnectAsync();
        var free = node.AddServer("s2");
        await node.ConnectAsync();

        node.Balancer.OnHeartbeat();

        Assert.Empty(Targets(busy));
        Assert.Single(Targets(free));
    }

    [Fact]
    public async Task A_hub_is_asked_at_most_once_in_ten_seconds()
    {
        using var node = new TestNode(options => options.ClientsPerServerConnection = 1);
        var server = node.AddServer();
        var other = node.AddServer(hub: "other");
        await node.ConnectAsync();
        await node.ConnectAsync(hub: "other");

        for (var second = 0; second < 10; second++)
        {
            node.Balancer.OnHeartbeat();
            Assert.Single(Targets(server));
            Assert.Single(Targets(other));
            node.Time.Advance(TimeSpan.FromSeconds(1));
        }

        node.Balancer.OnHeartbeat();
        Assert.Equal(2, Targets(server).Length);
    }

    [Fact]
    public async Task Server_connections_that_take_no_clients_neither_count_nor_are_asked()
    {
        using var node = new TestNode(options => options.ClientsPerServerConnection = 1);
        var leaving = node.AddServer("s1");
        await node.ConnectAsync();
        leaving.StopClients();
        var weak = node.AddWeakServer();

        node.Balancer.OnHeartbeat();
        Assert.Empty(Targets(leaving, weak));

        var server = node.AddServer("s2");
        await node.ConnectAsync();
        node.Balancer.OnHeartbeat();
        Assert.Single(Targets(server));
        Assert.Empty(Targets(leaving, weak));
    }

    [Fact]
    public async Task Without_a_limit_no_one_is_asked()
    {
        using var node = new TestNode(options => options.ClientsPerServerConnection = null);
        var server = node.AddServer();
        await node.ConnectAsync();

        node.Balancer.OnHeartbeat();

        Assert.Empty(Targets(server));
    }

    private static string[] Targets(params FakeServerConnection[] servers) =>
        [.. servers.SelectMany(server => server.All<PingMessage>()).Select(ping => ping[ServicePing.TargetKey]!)];
}
