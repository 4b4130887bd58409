using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Tandem.Gateway.Draining;

/// <summary>Registers the orderly end of the node.</summary>
internal static class DrainServiceCollectionExtensions
{
    // For what the host does after the drain: the web server lets go of its last connections.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Adds the drain, and gives the host the time it may take.</summary>
    public static IServiceCollection AddDraining(this IServiceCollection services)
    {
        services.TryAddSingleton<DrainState>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DrainService>());
        services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>(
            static (host, drain) => host.ShutdownTimeout = drain.Value.Delay + drain.Value.Timeout + Rest);
        return services;
    }
}
