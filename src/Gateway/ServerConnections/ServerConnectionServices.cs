using Microsoft.Extensions.Options;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.ServerConnections;

/// <summary>What every server connection works with.</summary>
internal sealed record ServerConnectionServices(
    MessageRouter Messages,
    ConnectionRouter Clients,
    ServerConnectionRegistry Registry,
    ServerConnectionMetrics Metrics,
    IOptions<ServerConnectionOptions> Options,
    IOptions<RoutingOptions> Limits,
    TimeProvider Time,
    ILogger<ServerConnection> Logger);
