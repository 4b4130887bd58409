using Tandem.Routing.Hubs;

namespace Tandem.Routing.Servers;

/// <summary>Which server connections are to serve a client.</summary>
/// <param name="Main">The one for the client as a whole; null when each of its hubs is served by itself.</param>
/// <param name="Hubs">Hubs of a classic client that ASP.NET Core app servers serve, each with its server connection.</param>
internal sealed record ServingPlan(IServerConnection? Main, IReadOnlyList<(HubState Hub, IServerConnection Server)> Hubs);
