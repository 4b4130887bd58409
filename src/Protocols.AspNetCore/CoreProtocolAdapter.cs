using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tandem.Protocols.AspNetCore.Endpoints;
using Tandem.Protocols.Service;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore;

/// <summary>ASP.NET Core SignalR clients at <c>/client</c>.</summary>
internal sealed class CoreProtocolAdapter(
    CoreNegotiateEndpoint negotiate, CoreConnectEndpoint connect, CoreSendEndpoint send, CoreDeleteEndpoint delete) : IProtocolAdapter
{
    public string Name => "core";

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var client = endpoints.MapGroup(ServicePaths.Client).RequireAuthorization(ClientPolicy.Name).RequireCors(ClientPolicy.CorsName);
        client.MapPost("/negotiate", negotiate.HandleAsync);
        // CONNECT is how a WebSocket begins over HTTP/2.
        client.MapMethods("/", ["GET", "CONNECT"], connect.HandleAsync);
        client.MapPost("/", send.HandleAsync);
        client.MapDelete("/", delete.HandleAsync);
    }
}
