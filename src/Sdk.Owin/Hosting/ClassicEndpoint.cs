using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.Sdk.Owin;

/// <summary>What is mapped at one path: all hubs, or one PersistentConnection.</summary>
internal sealed class ClassicEndpoint
{
    private readonly Type? _connectionType;

    private ClassicEndpoint(string name, ConnectionConfiguration configuration, Type? connectionType)
    {
        Name = name;
        Configuration = configuration;
        _connectionType = connectionType;
    }

    /// <summary>The path, or what stands for it when a host has done the mapping.</summary>
    public string Name { get; }

    public ConnectionConfiguration Configuration { get; }

    public bool IsHubs => _connectionType is null;

    /// <summary>Whether the proxy script may be handed out.</summary>
    public bool HasProxies => Configuration is HubConfiguration { EnableJavaScriptProxies: true };

    public bool HasDetailedErrors => Configuration is HubConfiguration { EnableDetailedErrors: true };

    /// <summary>The group of all clients of a PersistentConnection; null for hubs.</summary>
    public string? EveryoneGroup => _connectionType is null ? null : BusKey.GroupOf(_connectionType);

    public static ClassicEndpoint ForHubs(string path, HubConfiguration configuration) => new(path, configuration, null);

    public static ClassicEndpoint ForConnection(string path, Type type, ConnectionConfiguration configuration) => new(path, configuration, type);

    /// <summary>A dispatcher for one request or one client.</summary>
    public PersistentConnection CreateDispatcher()
    {
        var dispatcher = _connectionType is null
            ? new ClientHubDispatcher((HubConfiguration)Configuration)
            : new PersistentConnectionFactory(Configuration.Resolver).CreateInstance(_connectionType);
        dispatcher.Initialize(Configuration.Resolver);
        return dispatcher;
    }
}
