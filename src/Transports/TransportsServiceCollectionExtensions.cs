using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Tandem.Transports;

/// <summary>Registers what the client protocols share.</summary>
public static class TransportsServiceCollectionExtensions
{
    /// <summary>Adds the heartbeat.</summary>
    public static IServiceCollection AddTransports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Heartbeat>());
        return services;
    }
}
