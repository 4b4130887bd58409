using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;
using Tandem.Testing;

namespace Tandem.Routing.Tests.Diagnostics;

public class RoutingMetricsTests
{
    [Fact]
    public void Instruments_are_named_and_measured_as_documented()
    {
        using var node = new TestNode();

        Assert.Equal(
            [
                "gateway.bytes By", "gateway.client.connection.duration s", "gateway.client.connections {connection}", "gateway.client.refused {connection}",
                "gateway.fanout.recipients {connection}", "gateway.messages {message}", "gateway.messages.dropped {message}", "gateway.messages.unknown {message}",
                "gateway.mixing.unsupported {message}",
                "gateway.outbound.queued_frames {frame}", "gateway.server.connections {connection}", "gateway.slow_consumers {connection}",
            ],
            node.Recorded.Instruments.Select(instrument => $"{instrument.Name} {instrument.Unit}").Order(StringComparer.Ordinal));
        Assert.All(node.Recorded.Instruments, instrument =>
        {
            Assert.Equal(RoutingMetrics.MeterName, instrument.Meter.Name);
            Assert.False(string.IsNullOrEmpty(instrument.Description));
        });
    }

    [Fact]
    public async Task A_clients_life_is_measured_with_transport_protocol_and_reason()
    {
        using var node = new TestNode();
        node.AddServer();
        var client = await node.ConnectAsync(user: "u");
        Assert.Equal(1, node.Recorded.Sum("gateway.client.connections", "generation=core,protocol=json,transport=webSockets,version=other"));
        node.Time.Advance(TimeSpan.FromSeconds(7));

        node.Clients.Disconnect(client.Connection, CloseReason.KeepAliveTimeout);

        Assert.Equal(0, node.Recorded.Sum("gateway.client.connections", "generation=core,protocol=json,transport=webSockets,version=other"));
        Assert.Equal(7, node.Recorded.Sum("gateway.client.connection.duration", "generation=core,protocol=json,reason=keep_alive_timeout,transport=webSockets"));
        Assert.Equal(0, node.Recorded.Sum("gateway.slow_consumers"));
    }

    [Fact]
    public async Task Protocols_that_clients_make_up_are_one_to_the_metrics()
    {
        using var node = new TestNode();
        node.AddServer();
        var encoder = new MadeUpEncoder();

        await node.ConnectAsync(encoder: encoder);

        encoder.Retire();
        Assert.Equal(1, node.Recorded.Sum("gateway.client.connections", "generation=core,protocol=other,transport=webSockets,version=other"));
    }

    [Fact]
    public async Task Frames_that_wait_are_read_on_collection()
    {
        using var node = new TestNode();
        var server = node.AddServer();
        var held = await node.ConnectHeldAsync();
        await node.ConnectHeldAsync();
        node.Messages.Route(server, new BroadcastDataMessage([], Text.Payloads("1")));
        node.Messages.Route(server, new MultiConnectionDataMessage([held.Id], Text.Payloads("2")));

        node.Recorded.Collect();

        Assert.Equal(3, node.Recorded.Sum("gateway.outbound.queued_frames"));
    }

    [Fact]
    public async Task Server_connections_are_counted_by_kind()
    {
        using var node = new TestNode();
        var servers = new[] { node.AddServer(), node.AddServer(kind: ServerConnectionKind.OnDemand), node.AddWeakServer(), node.AddWeakServer() };
        await node.ConnectAsync();

        Assert.Equal(1, node.Recorded.Sum("gateway.server.connections", "kind=default"));
        Assert.Equal(1, node.Recorded.Sum("gateway.server.connections", "kind=on_demand"));
        Assert.Equal(2, node.Recorded.Sum("gateway.server.connections", "kind=weak"));
        Array.ForEach(servers, node.Lose);
        Assert.Equal(0, node.Recorded.Sum("gateway.server.connections"));
    }

    [Fact]
    public async Task Messages_bytes_and_recipients_are_counted_by_direction_and_kind()
    {
        using var node = new TestNode();
        var server = node.AddServer();
        var client = await node.ConnectHeldAsync(node.Descriptor(user: "u"));
        var other = await node.ConnectHeldAsync();
        node.Messages.Route(server, new JoinGroupMessage(client.Id, "g"));
        await client.SendAsync("12345").InTimeAsync();
        var payload = Text.Payloads("123");

        foreach (var message in new ServiceMessage[]
        {
            new ConnectionDataMessage(client.Id, Text.Bytes("1")), new MultiConnectionDataMessage([client.Id, other.Id, "nobody"], payload),
            new UserDataMessage("u", payload), new MultiUserDataMessage(["u", "nobody"], payload), new BroadcastDataMessage([], payload),
            new GroupBroadcastDataMessage("g", [], payload, []), new GroupBroadcastDataMessage("nobody", [], payload, []),
            new MultiGroupBroadcastDataMessage(["g"], payload), new ClientInvocationMessage("i", client.Id, "s1", payload),
        })
        {
            node.Messages.Route(server, message);
        }

        node.Messages.RouteConnectionData(server, Text.Bytes(client.Id), Text.Bytes("1"));
        Assert.Equal(1, node.Recorded.Sum("gateway.messages", "direction=up,kind=connection"));
        Assert.Equal(2, node.Recorded.Sum("gateway.messages", "direction=down,kind=connection"));
        Assert.Equal(2, node.Recorded.Sum("gateway.messages", "direction=down,kind=group"));
        foreach (var kind in new[] { "connections", "user", "users", "broadcast", "groups", "invocation" })
        {
            Assert.Equal(1, node.Recorded.Sum("gateway.messages", $"direction=down,kind={kind}"));
        }

        Assert.Equal(5, node.Recorded.Sum("gateway.bytes", "direction=up"));
        Assert.Equal(2 + (8 * 3), node.Recorded.Sum("gateway.bytes", "direction=down"));
        Assert.Equal(2, node.Recorded.Sum("gateway.fanout.recipients", "kind=connections"));
        Assert.Equal(1, node.Recorded.Sum("gateway.fanout.recipients", "kind=user"));
        Assert.Equal(1, node.Recorded.Sum("gateway.fanout.recipients", "kind=users"));
        Assert.Equal(2, node.Recorded.Sum("gateway.fanout.recipients", "kind=broadcast"));
        Assert.Equal([1, 0], node.Recorded.Of("gateway.fanout.recipients", "kind=group").Select(measurement => measurement.Value));
        Assert.Equal(1, node.Recorded.Sum("gateway.fanout.recipients", "kind=groups"));
    }

    [Fact]
    public async Task Bytes_are_counted_also_when_no_one_listens_to_the_number_of_messages()
    {
        using var node = new TestNode(metrics: new MetricRecorder(only: "gateway.bytes"));
        node.AddServer();
        var client = await node.ConnectAsync();

        await client.SendAsync("12345").InTimeAsync();

        Assert.Equal(5, node.Recorded.Sum("gateway.bytes", "direction=up"));
        Assert.Equal(2, node.Recorded.Sum("gateway.bytes", "direction=down"));
    }

    private sealed class MadeUpEncoder() : FrameEncoder("made up")
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
    }
}
