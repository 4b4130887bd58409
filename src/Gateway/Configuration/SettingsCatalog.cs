using System.ComponentModel;
using System.Reflection;
using Tandem.Gateway.Authentication;
using Tandem.Gateway.Draining;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.AspNet;
using Tandem.Protocols.AspNetCore;
using Tandem.Routing;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;

namespace Tandem.Gateway.Configuration;

/// <summary>Every setting there is, read from the option classes: what help, documentation, checks and binding go by.</summary>
internal static class SettingsCatalog
{
    /// <summary>All sections. A new option class needs a line here and nothing else.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        Read<GatewayOptions>(GatewayOptions.SectionName),
        Read<ClientAccessOptions>("Tandem:Clients"),
        Read<RoutingOptions>("Tandem:Limits"),
        Read<OutboundQueueOptions>("Tandem:Outbound"),
        Read<ServerConnectionOptions>("Tandem:Servers"),
        Read<CoreProtocolOptions>("Tandem:Core"),
        Read<ClassicProtocolOptions>("Tandem:Classic"),
        Read<ClassicApplicationOptions>("Tandem:Classic:" + ClassicApplications.SectionName, isNamed: true),
        Read<MixingOptions>("Tandem:Mixing"),
        Read<HubMixingOptions>("Tandem:Mixing:Hubs", isNamed: true),
        Read<KeyRingOptions>("Tandem:DataProtection"),
        Read<DrainOptions>("Tandem:Drain"),
    ];

    private static SettingsSection Read<TOptions>(string name, bool isNamed = false)
        where TOptions : class, new()
    {
        var defaults = new TOptions();
        var settings =
            from property in typeof(TOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            // Named things within a section are a section of their own.
            where !property.PropertyType.IsAssignableTo(typeof(System.Collections.IDictionary))
            let description = property.GetCustomAttribute<DescriptionAttribute>()?.Description
                ?? throw new InvalidOperationException($"{typeof(TOptions).Name}.{property.Name} has no description.")
            select new Setting(isNamed ? $"{name}:{SettingsSection.AnyName}:{property.Name}" : $"{name}:{property.Name}", property, description, property.GetValue(defaults));
        return new SettingsSection(name, typeof(TOptions), [.. settings], isNamed);
    }
}
