using Microsoft.Extensions.DependencyInjection;
using Tandem.Gateway.ServerConnections;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.Tests;

/// <summary>Looks into a running gateway.</summary>
internal static class GatewayState
{
    /// <summary>The server connections of a hub.</summary>
    public static IServerConnection[] Pool(this TestGateway gateway, string hub = "chat") =>
        gateway.Services.GetRequiredService<HubTable>().GetOrAdd(hub)!.Servers.Snapshot().ToArray();

    /// <summary>Server connections of the node, those in their handshake included.</summary>
    public static int ServerConnectionCount(this TestGateway gateway) => gateway.Services.GetRequiredService<ServerConnectionTable>().Count;
}
