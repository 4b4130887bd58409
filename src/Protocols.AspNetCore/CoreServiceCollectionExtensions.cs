using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Protocols.AspNetCore.Endpoints;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Routing;
using Tandem.Routing.Dialects;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore;

/// <summary>Registers the adapter for ASP.NET Core SignalR clients.</summary>
public static class CoreServiceCollectionExtensions
{
    /// <summary>Adds the adapter. Options come from <see cref="CoreProtocolOptions"/>.</summary>
    public static IServiceCollection AddCoreProtocol(this IServiceCollection services)
    {
        services.TryAddSingleton<CoreHubProtocols>();
        services.TryAddSingleton<CoreConnections>();
        services.TryAddSingleton<CoreNegotiateEndpoint>();
        services.TryAddSingleton<CoreConnectEndpoint>();
        services.TryAddSingleton<CorePollEndpoint>();
        services.TryAddSingleton<CoreSendEndpoint>();
        services.TryAddSingleton<CoreDeleteEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<HubDialect>(CoreJsonDialect.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<HubDialect>(CoreMessagePackDialect.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProtocolAdapter, CoreProtocolAdapter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, CoreConnections>(
            provider => provider.GetRequiredService<CoreConnections>()));
        return services;
    }
}
