using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Endpoints;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing;
using Tandem.Routing.Dialects;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet;

/// <summary>Registers the adapter for classic ASP.NET SignalR clients.</summary>
public static class ClassicServiceCollectionExtensions
{
    /// <summary>
    /// Adds the adapter. Options come from <see cref="ClassicProtocolOptions"/> and <see cref="ClassicApplications"/>; data protection, authorization
    /// policies and CORS are the host's.
    /// </summary>
    public static IServiceCollection AddClassicProtocol(this IServiceCollection services)
    {
        services.TryAddSingleton<ClassicMetrics>();
        services.TryAddSingleton<ConnectionTokens>();
        services.TryAddSingleton<ClassicConnections>();
        services.TryAddSingleton<ClassicNegotiateEndpoint>();
        services.TryAddSingleton<ClassicControlEndpoint>();
        services.TryAddSingleton<ClassicScriptEndpoint>();
        services.TryAddSingleton<ClassicSendEndpoint>();
        services.TryAddSingleton<ClassicWebSocketEndpoint>();
        services.TryAddSingleton<ClassicEventsEndpoint>();
        services.TryAddSingleton<ClassicPollEndpoint>();
        services.TryAddSingleton<ClassicReceiveEndpoint>();
        services.TryAddSingleton<ClassicEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<HubDialect>(ClassicDialect.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProtocolAdapter, ClassicProtocolAdapter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, ClassicConnections>(
            provider => provider.GetRequiredService<ClassicConnections>()));
        return services;
    }
}
