using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Connections;

/// <summary>Who is refused, and that being refused costs nothing lasting.</summary>
public class AdmissionTests
{
    [Fact]
    public async Task No_more_clients_than_allowed_are_taken_those_that_wait_included()
    {
        using var node = new TestNode(options => options.MaxConnections = 2);
        node.AddServer();
        var first = await node.ConnectAsync();
        var waiting = node.BeginConnect(new FakePhysicalConnection(), node.Descriptor(hub: "other")).AsTask();

        Assert.Equal(CloseReason.Overloaded, node.Clients.Refusal);
        Assert.Equal(CloseReason.Overloaded, (await node.BeginConnect(new FakePhysicalConnection()).InTimeAsync()).Reason);
        Assert.Equal(CloseReason.Overloaded, await node.WaitForServerAsync("chat").InTimeAsync());
        Assert.Equal(2, node.Recorded.Sum("gateway.client.refused", "reason=overloaded"));
        Assert.Equal(["Refused"], node.Log.Alarms);

        node.Clients.Disconnect(first.Connection, CloseReason.ClientClosed);
        await node.ConnectAsync();
        node.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CloseReason.NoServerAvailable, (await waiting.InTimeAsync()).Reason);
        await node.ConnectAsync();
        Assert.Equal(CloseReason.Overloaded, node.Clients.Refusal);
    }

    [Fact]
    public async Task Clients_of_one_hub_too_many_are_refused()
    {
        using var node = new TestNode(options => options.MaxHubs = 1);
        node.AddServer();
        await node.ConnectAsync();

        Assert.Equal(CloseReason.Overloaded, (await node.BeginConnect(new FakePhysicalConnection(), node.Descriptor(hub: "other")).InTimeAsync()).Reason);
        Assert.Equal(CloseReason.Overloaded, await node.WaitForServerAsync("third").InTimeAsync());
        Assert.Equal(CloseReason.None, node.Clients.Refusal);
        Assert.Equal(1, node.Clients.Count);
        await node.ConnectAsync();
    }

    [Fact]
    public async Task A_draining_node_takes_no_one_and_lets_no_one_wait()
    {
        using var node = new TestNode();
        var waiting = node.BeginConnect(new FakePhysicalConnection()).AsTask();
        var negotiating = node.WaitForServerAsync("chat").AsTask();

        node.Clients.BeginDrain();

        Assert.Equal(CloseReason.Shutdown, (await waiting.InTimeAsync()).Reason);
        Assert.Equal(CloseReason.Shutdown, await negotiating.InTimeAsync());
        Assert.Equal(CloseReason.Shutdown, node.Clients.Refusal);
        var server = node.AddServer();
        Assert.Equal(CloseReason.Shutdown, (await node.BeginConnect(new FakePhysicalConnection()).InTimeAsync()).Reason);
        Assert.Equal(CloseReason.Shutdown, await node.WaitForServerAsync("chat").InTimeAsync());
        Assert.Equal(4, node.Recorded.Sum("gateway.client.refused", "reason=shutdown"));
        Assert.Empty(server.Written);
        Assert.Empty(node.Log.Alarms);
        node.AssertForgotten();
    }

    [Fact]
    public async Task A_client_that_is_registered_at_the_moment_the_drain_begins_is_refused()
    {
        using var node = new TestNode();
        var server = node.AddServer();
        node.Recorded.NextInstrument = "gateway.client.connections";
        node.Recorded.OnNext = node.Clients.BeginDrain;

        Assert.Equal(CloseReason.Shutdown, (await node.BeginConnect(new FakePhysicalConnection(), node.Descriptor(user: "u")).InTimeAsync()).Reason);

        Assert.Empty(server.Written);
        node.AssertForgotten();
    }

    [Fact]
    public async Task Clients_that_are_there_stay_until_the_drain_ends_them()
    {
        using var node = new TestNode();
        var server = node.AddServer();
        var client = await node.ConnectAsync(user: "u");
        node.Clients.BeginDrain();
        Assert.True(await client.SendAsync("still here").InTimeAsync());

        node.Clients.DisconnectAll(CloseReason.Shutdown);

        Assert.Equal(CloseReason.Shutdown, Assert.Single(client.Physical.Ends).Reason);
        Assert.Equal(["hs", "still here"], server.Data(client.Id));
        node.AssertForgotten();
    }

    [Fact]
    public async Task Refusals_are_logged_once_in_ten_seconds()
    {
        using var node = new TestNode(options => options.WaitForServer = TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
        {
            await node.BeginConnect(new FakePhysicalConnection()).InTimeAsync();
        }

        Assert.Single(node.Log.Alarms);
        node.Time.Advance(TimeSpan.FromSeconds(10));
        await node.BeginConnect(new FakePhysicalConnection()).InTimeAsync();
        Assert.Equal(2, node.Log.Alarms.Length);
        Assert.Equal(6, node.Recorded.Sum("gateway.client.refused"));
    }
}
