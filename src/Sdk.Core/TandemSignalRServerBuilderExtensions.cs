using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;
using Tandem.Sdk.Core;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the hubs of an application behind the gateway.</summary>
public static class TandemSignalRServerBuilderExtensions
{
    /// <summary>
    /// Serves all hubs of the application through the gateway whose connection string is in configuration, see
    /// <see cref="TandemOptions.ConnectionString"/>. The application does not start when there is none.
    /// </summary>
    public static ISignalRServerBuilder AddTandem(this ISignalRServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(static service => service.ServiceType == typeof(HubRegistry)))
        {
            return builder;
        }

        services.AddOptions<TandemOptions>().ValidateOnStart();
        // First of all, so that what the application says in code wins.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TandemOptions>, TandemOptionsSetup>());
        services.AddSingleton<IPostConfigureOptions<TandemOptions>, TandemOptionsSetup>();
        services.AddSingleton<IValidateOptions<TandemOptions>, TandemOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HubRegistry>();
        services.TryAddSingleton(static provider => CreateSettings(
            provider.GetRequiredService<IOptions<TandemOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<NegotiateClaims>();
        services.TryAddSingleton<NegotiateEndpoint>();
        services.TryAddSingleton<MappedHubs>();
        services.TryAddSingleton<ClassicEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, HubEndpointMatcherPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TandemHost>());
        // The last registration wins, and AddSignalR has made one.
        services.AddSingleton(typeof(HubLifetimeManager<>), typeof(TandemHubLifetimeManager<>));
        return builder;
    }

    /// <summary>Serves all hubs of the application through the gateway of the given connection string.</summary>
    /// <param name="builder">What <c>AddSignalR</c> returned.</param>
    /// <param name="connectionString"><c>Endpoint=…;AccessKey=…;</c>; see <see cref="ConnectionString"/>.</param>
    public static ISignalRServerBuilder AddTandem(this ISignalRServerBuilder builder, string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return builder.AddTandem(options => options.ConnectionString = connectionString);
    }

    /// <summary>Serves all hubs of the application through the gateway, with options set in code.</summary>
    /// <param name="builder">What <c>AddSignalR</c> returned.</param>
    /// <param name="configure">Sets options; configuration has been read into them already.</param>
    public static ISignalRServerBuilder AddTandem(this ISignalRServerBuilder builder, Action<TandemOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddTandem().Services.Configure(configure);
        return builder;
    }

    private static ServerConnectionSettings CreateSettings(TandemOptions options, TimeProvider timeProvider, IMeterFactory? meterFactory) =>
        new(ServerConnectionSettings.NewServerId(), UserAgent(), timeProvider, new ServerConnectionMetrics(meterFactory))
        {
            InitialCount = options.InitialHubServerConnectionCount,
            MaxCount = options.MaxHubServerConnectionCount,
            MaxWaitingBytes = options.MaxWaitingBytesPerServerConnection,
            MaxMessageBytes = options.MaxServiceMessageBytes,
            MigrationLevel = options.GracefulShutdown.Mode == GracefulShutdownMode.MigrateClients ? MigrationLevel.ShutdownOnly : MigrationLevel.Off,
        };

    private static string UserAgent()
    {
        var version = typeof(TandemOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return $"Tandem.Sdk/{version?.Split('+')[0]} ({RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSArchitecture})";
    }
}
