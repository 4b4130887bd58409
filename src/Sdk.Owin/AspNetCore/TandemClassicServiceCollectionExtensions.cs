#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tandem.Sdk.Owin;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds classic hubs, whose clients live on the gateway, to an ASP.NET Core application.</summary>
public static class TandemClassicServiceCollectionExtensions
{
    /// <summary>
    /// Adds the classic hubs of the application. They are made with its services, each call in a scope of its own;
    /// <see cref="IConnectionManager"/> becomes a service, and <see cref="GlobalHost"/> works as before. Map them with
    /// <c>app.MapTandemClassicHubs("/signalr")</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options that are not in the configuration section <c>Tandem</c>; may be null.</param>
    /// <param name="resolver">SignalR's resolver; <see cref="GlobalHost.DependencyResolver"/> when null.</param>
    public static IServiceCollection AddTandemClassicHubs(
        this IServiceCollection services, Action<TandemOptions>? configure = null, IDependencyResolver? resolver = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => Create(provider, configure, resolver ?? GlobalHost.DependencyResolver));
        services.TryAddSingleton(static provider => provider.GetRequiredService<TandemApplication>().Runtime.Resolver.Resolve<IConnectionManager>());
        services.AddHostedService<ClassicHost>();
        return services;
    }

    private static TandemApplication Create(IServiceProvider provider, Action<TandemOptions>? configure, IDependencyResolver resolver)
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        var scopes = new HubScopes(provider, resolver.GetService);
        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        if (provider.GetService<IHostEnvironment>()?.IsDevelopment() == true)
        {
            properties[OwinKeys.AppMode] = "development";
        }

        resolver.Register(typeof(IHubActivator), () => scopes);
        return ApplicationFactory.Create(
            options =>
            {
                options.LoggerFactory = provider.GetRequiredService<ILoggerFactory>();
                TandemOptionsBinder.Bind(options, configuration);
                configure?.Invoke(options);
            },
            resolver,
            new HostFacts(properties) { StartsLater = true, AroundOperation = scopes.RunAsync },
            key => configuration[key],
            provider.GetService<TimeProvider>());
    }
}
#endif
