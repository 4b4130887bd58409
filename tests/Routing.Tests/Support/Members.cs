using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Tests.Support;

/// <summary>Client connections that are in no table, for tests of the tables themselves.</summary>
internal static class Members
{
    private static readonly ConnectionIds Ids = new();

    public static readonly HubState Hub = new("chat", new RoutingOptions());

    public static ClientConnection New(HubState? hub = null)
    {
        var id = Ids.NewConnectionId();
        var descriptor = new ClientDescriptor { ConnectionId = id, Hub = "chat", Encoder = TestEncoders.Json, Transport = "webSockets" };
        return new ClientConnection(descriptor, hub ?? Hub, [], new FakePhysicalConnection(), 0);
    }

    public static ClientConnection[] New(int count) => [.. Enumerable.Range(0, count).Select(_ => New())];
}
