using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNet.Endpoints;
using Tandem.Protocols.Service;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet;

/// <summary>Classic ASP.NET SignalR clients: redirected ones at <c>/aspnetclient</c>, and at the path of each application that is set up for others.</summary>
internal sealed class ClassicProtocolAdapter(ClassicEndpoint endpoint, IOptions<ClassicProtocolOptions> options, IOptions<ClassicApplications> applications)
    : IProtocolAdapter
{
    public string Name => "classic";

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, new ClassicMapping(
            ServicePaths.ClassicClient, null, ClientPolicy.Name, AllowAnonymous: false, IsPersistentConnection: false, ClassicTimes.Of(options.Value, null)));
        foreach (var (name, application) in applications.Value.Applications)
        {
            Map(endpoints, new ClassicMapping(
                application.Path,
                string.IsNullOrEmpty(application.Application) ? name : application.Application,
                ClassicApplications.PolicyName(name),
                application.AllowAnonymous,
                application.PersistentConnection,
                ClassicTimes.Of(options.Value, application)));
        }
    }

    // Authorization is the endpoint's own affair: some of what is below the path needs none.
    private void Map(IEndpointRouteBuilder endpoints, ClassicMapping mapping) =>
        endpoints.Map(mapping.Path + "/{**rest}", context => endpoint.HandleAsync(context, mapping)).RequireCors(ClientPolicy.CorsName);
}
