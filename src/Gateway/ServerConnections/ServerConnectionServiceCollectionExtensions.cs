using Microsoft.Extensions.DependencyInjection.Extensions;
using Tandem.Routing;

namespace Tandem.Gateway.ServerConnections;

/// <summary>Registers what serves app servers.</summary>
internal static class ServerConnectionServiceCollectionExtensions
{
    /// <summary>Adds the endpoint of app servers and the table of their connections.</summary>
    public static IServiceCollection AddServerConnections(this IServiceCollection services)
    {
        services.TryAddSingleton<ServerConnectionMetrics>();
        services.TryAddSingleton<ServerConnectionTable>();
        services.TryAddSingleton<ServerConnectionServices>();
        services.TryAddSingleton<ServerConnectionEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, ServerConnectionTable>(
            provider => provider.GetRequiredService<ServerConnectionTable>()));
        return services;
    }
}
