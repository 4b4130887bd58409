using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore;

/// <summary>Registers the adapter for ASP.NET Core SignalR clients.</summary>
public static class CoreServiceCollectionExtensions
{
    /// <summary>Adds the adapter. Options come from <see cref="CoreProtocolOptions"/>.</summary>
    public static IServiceCollection AddCoreProtocol(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProtocolAdapter, CoreProtocolAdapter>());
        return services;
    }
}
