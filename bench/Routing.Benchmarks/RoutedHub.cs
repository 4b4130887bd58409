using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Servers;

namespace Tandem.Benchmarks;

/// <summary>The real routing core with one hub full of clients whose transports only count.</summary>
internal sealed class RoutedHub : IDisposable
{
    public const string HubProtocol = "json";

    private const string Name = "bench";

    private readonly int _clients;
    private readonly int _groupSize;
    private readonly ServiceProvider _services;
    private readonly Arrivals _arrivals = new();
    private readonly MessageRouter _router;
    private readonly SilentServerConnection _server;

    private RoutedHub(int clients, int groupSize)
    {
        _clients = clients;
        _groupSize = groupSize;
        var services = new ServiceCollection().AddLogging().AddOptions().AddMetrics();
        // By its full name: ASP.NET Core's own routing has a method of the same name.
        services.AddMessageRouting();
        _services = services.BuildServiceProvider();
        _router = _services.GetRequiredService<MessageRouter>();
        _server = new SilentServerConnection(_services.GetRequiredService<HubTable>().GetOrAdd(Name)!);
    }

    public IEnumerable<string> Groups => Enumerable.Range(0, _clients / _groupSize).Select(index => $"g{index}");

    public static async Task<RoutedHub> CreateAsync(int clients, int groupSize)
    {
        var hub = new RoutedHub(clients, groupSize);
        await hub.ConnectAsync();
        return hub;
    }

    /// <summary>Routes messages that reach every client once between them, and waits until they have.</summary>
    public void Route(ServiceMessage[] messages)
    {
        _arrivals.Expect(_clients);
        foreach (var message in messages)
        {
            _router.Route(_server, message);
        }

        _arrivals.Wait();
    }

    public void Dispose()
    {
        _services.Dispose();
        _arrivals.Dispose();
    }

    private async Task ConnectAsync()
    {
        _services.GetRequiredService<ServerConnectionRegistry>().Attach(_server);
        var connections = _services.GetRequiredService<ConnectionRouter>();
        var encoder = new PayloadEncoder();
        for (var index = 0; index < _clients; index++)
        {
            var descriptor = new ClientDescriptor { ConnectionId = $"client-{index}", Hub = Name, Encoder = encoder, Transport = "webSockets" };
            var connected = await connections.ConnectAsync(descriptor, new CountingConnection(_arrivals), CancellationToken.None);
            if (connected.Connection is null)
            {
                throw new InvalidOperationException($"Client {index} was refused: {connected.Reason}.");
            }

            _router.Route(_server, new JoinGroupMessage(descriptor.ConnectionId, $"g{index / _groupSize}"));
        }
    }

    private sealed class PayloadEncoder() : FrameEncoder(RoutedHub.HubProtocol)
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
    }
}
