using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Servers;

/// <summary>
/// Asks for more server connections where every one of a hub carries many clients: a <c>target</c> ping to the app server with the fewest
/// clients, at most one in ten seconds for a hub. Its SDK opens an on-demand connection, unless it is at its own maximum.
/// </summary>
internal sealed class ServerConnectionBalancer(HubTable hubs, ConnectionIds ids, IOptions<RoutingOptions> options, TimeProvider time) : IHeartbeatHandler
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    void IHeartbeatHandler.OnHeartbeat()
    {
        if (options.Value.ClientsPerServerConnection is not { } limit)
        {
            return;
        }

        foreach (var hub in hubs.All())
        {
            // Classic app servers are given their clients over the application; their other connections have none.
            var least = ServerSelector.LeastPaired(
                hub.Servers.Snapshot(), candidate => candidate.Family == ProtocolFamily.Core || ReferenceEquals(hub.Application, hub));
            if (least is not null && least.Clients.Count >= limit && IsDue(hub))
            {
                hub.LastTargetTimestamp = time.GetTimestamp();
                least.Send(new PingMessage(ServicePing.TargetKey, ids.NodeTag));
            }
        }
    }

    private bool IsDue(HubState hub) => hub.LastTargetTimestamp == 0 || time.GetElapsedTime(hub.LastTargetTimestamp) >= Pause;
}
