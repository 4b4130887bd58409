using Microsoft.Extensions.Options;
using Tandem.Gateway.Authentication;
using Tandem.Gateway.Draining;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.AspNet;
using Tandem.Protocols.AspNetCore;
using Tandem.Routing;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;

namespace Tandem.Gateway.Configuration;

/// <summary>Binds the settings.</summary>
internal static class SettingsServiceCollectionExtensions
{
    /// <summary>Binds every section of <see cref="SettingsCatalog"/> to its option class. <see cref="SettingsCheck"/> has looked at them before.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        return services
            .Bind<GatewayOptions>(configuration)
            .Bind<ClientAccessOptions>(configuration)
            .Bind<RoutingOptions>(configuration)
            .Bind<OutboundQueueOptions>(configuration)
            .Bind<ServerConnectionOptions>(configuration)
            .Bind<CoreProtocolOptions>(configuration)
            .Bind<ClassicProtocolOptions>(configuration)
            .AddSingleton<IOptionsMonitor<MixingOptions>, MixingSettings>()
            .Bind<KeyRingOptions>(configuration)
            .Configure<ClassicApplications>(configuration.GetSection("Tandem:Classic"))
            .Bind<DrainOptions>(configuration);
    }

    private static IServiceCollection Bind<TOptions>(this IServiceCollection services, IConfiguration configuration)
        where TOptions : class =>
        services.Configure<TOptions>(configuration.GetSection(SettingsCatalog.Sections.Single(section => section.OptionsType == typeof(TOptions)).Name));
}
