using Microsoft.Extensions.DependencyInjection.Extensions;
using Tandem.Gateway.Authentication;
using Tandem.Gateway.Configuration;
using Tandem.Gateway.Cors;
using Tandem.Gateway.Draining;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.AspNet;
using Tandem.Protocols.AspNetCore;
using Tandem.Routing;
using Tandem.Transports;

namespace Tandem.Gateway;

/// <summary>What the gateway is made of.</summary>
public static class GatewayServiceCollectionExtensions
{
    /// <summary>Adds the gateway; its settings are read from section <c>Tandem</c>.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddMessageRouting()
            .AddSettings(configuration)
            .AddAccessTokens()
            .AddClassicApplications(configuration)
            .AddKeyRing(configuration)
            .AddClientCors()
            .AddTransports()
            .AddCoreProtocol()
            .AddClassicProtocol()
            .AddServerConnections()
            .AddDraining();
    }
}
