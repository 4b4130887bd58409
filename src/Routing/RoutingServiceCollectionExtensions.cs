using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;

namespace Tandem.Routing;

/// <summary>Registers the routing core.</summary>
public static class RoutingServiceCollectionExtensions
{
    /// <summary>Adds the tables, the routers and their metrics as singletons. Options come from <see cref="RoutingOptions"/>.</summary>
    public static IServiceCollection AddMessageRouting(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConnectionIds>();
        services.TryAddSingleton<RoutingMetrics>();
        services.TryAddSingleton<ClientLedger>();
        services.TryAddSingleton<HubTable>();
        services.TryAddSingleton<DialectTable>();
        services.TryAddSingleton<ClientConnectionTable>();
        services.TryAddSingleton<PendingInvocations>();
        services.TryAddSingleton(provider => new ConnectionRouter(
            provider.GetRequiredService<ClientConnectionTable>(),
            provider.GetRequiredService<HubTable>(),
            provider.GetRequiredService<PendingInvocations>(),
            provider.GetRequiredService<IOptions<RoutingOptions>>(),
            provider.GetRequiredService<IOptionsMonitor<MixingOptions>>(),
            provider.GetRequiredService<DialectTable>(),
            provider.GetRequiredService<RoutingMetrics>(),
            provider.GetRequiredService<ClientLedger>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConnectionRouter>>()));
        services.TryAddSingleton(provider => new MessageRouter(
            provider.GetRequiredService<ClientConnectionTable>(),
            provider.GetRequiredService<HubTable>(),
            provider.GetRequiredService<ConnectionRouter>(),
            provider.GetRequiredService<PendingInvocations>(),
            provider.GetRequiredService<ConnectionIds>(),
            provider.GetRequiredService<IOptions<RoutingOptions>>(),
            provider.GetRequiredService<IOptionsMonitor<MixingOptions>>(),
            provider.GetRequiredService<DialectTable>(),
            provider.GetRequiredService<RoutingMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MessageRouter>>()));
        services.TryAddSingleton(provider => new ServerConnectionRegistry(
            provider.GetRequiredService<ConnectionRouter>(),
            provider.GetRequiredService<RoutingMetrics>(),
            provider.GetRequiredService<ILogger<ServerConnectionRegistry>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, PendingInvocations>(
            provider => provider.GetRequiredService<PendingInvocations>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, ServerConnectionBalancer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHeartbeatHandler, UserGroupExpiry>());
        return services;
    }
}
