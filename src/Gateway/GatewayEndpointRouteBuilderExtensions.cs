using Tandem.Gateway.Authentication;
using Tandem.Gateway.Health;
using Tandem.Gateway.Reports;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Transports;

namespace Tandem.Gateway;

/// <summary>What the gateway answers to.</summary>
public static class GatewayEndpointRouteBuilderExtensions
{
    /// <summary>Sets up the request pipeline: app servers, clients of every protocol, health.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Before authentication: a browser shows its page nothing of a 401 that has no CORS headers.
        app.UseCors();
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseAuthorization();

        var servers = app.Services.GetRequiredService<ServerConnectionEndpoint>();
        app.Map(ServicePaths.Server, context => servers.AcceptAsync(context, ProtocolFamily.Core)).RequireAuthorization(AccessTokenSchemes.ServerPolicy);
        app.Map(ServicePaths.ClassicServer, context => servers.AcceptAsync(context, ProtocolFamily.Classic)).RequireAuthorization(AccessTokenSchemes.ServerPolicy);
        foreach (var adapter in app.Services.GetServices<IProtocolAdapter>())
        {
            adapter.MapEndpoints(app);
        }

        app.MapHealth();
        app.MapReports();
        return app;
    }
}
