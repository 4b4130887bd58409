using Tandem.Gateway.Draining;
using Tandem.Gateway.ServerConnections;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Gateway.Health;

/// <summary>What load balancers, orchestrators and SDKs ask. None of it needs a token.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c>, <c>/api/health</c> and the root.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/health/live", Methods, static () => Results.Text("live"));
        endpoints.MapMethods("/health/ready", Methods, Ready);
        // Where management SDKs look; see the service protocol.
        endpoints.MapMethods("/api/health", Methods, static () => Results.Ok());
        endpoints.MapMethods("/", Methods, static () => Results.Text(
            $"Tandem gateway {GatewayVersion.Text} for SignalR: clients connect at /client, app servers at /server, health is at /health/ready.\n"));
    }

    private static IResult Ready(DrainState drain, ConnectionRouter clients, ServerConnectionTable servers, HubTable hubs) =>
        Results.Json(
            new Readiness(drain.IsDraining ? "draining" : "ready", clients.Count, servers.Count, hubs.All().Count),
            statusCode: drain.IsDraining ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    /// <summary>The answer of the readiness probe.</summary>
    private sealed record Readiness(string Status, int Clients, int ServerConnections, int Hubs);
}
