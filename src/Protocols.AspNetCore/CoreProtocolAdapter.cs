using Microsoft.AspNetCore.Routing;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore;

/// <summary>ASP.NET Core SignalR clients at <c>/client</c>.</summary>
internal sealed class CoreProtocolAdapter : IProtocolAdapter
{
    public string Name => "core";

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
