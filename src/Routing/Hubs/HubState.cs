using Tandem.Routing.Servers;

namespace Tandem.Routing.Hubs;

/// <summary>What lives in one hub on this node: its clients, groups, users and server connections.</summary>
public sealed class HubState
{
    internal HubState(string key, RoutingOptions options)
    {
        Key = key;
        UserGroups = new UserGroupTable(options);
    }

    /// <summary>Name of the hub on the wire, in lower case.</summary>
    public string Key { get; }

    /// <summary>All clients of the hub.</summary>
    public MemberSet Clients { get; } = new();

    /// <summary>All server connections of the hub, weak ones included.</summary>
    public ServerConnectionPool Servers { get; } = new();

    /// <summary>
    /// The script with the generated proxies of a classic application, as its app server sent it last; null when it sent none.
    /// </summary>
    public string? ProxyScript { get; set; }

    /// <summary>What an app server of ASP.NET Core said last of the hub it serves; null when none did.</summary>
    public HubDescription? Description { get; set; }

    internal MemberTable Groups { get; } = new();

    internal MemberTable Users { get; } = new();

    internal UserGroupTable UserGroups { get; }

    /// <summary>When the hub last asked an app server for another server connection; see <see cref="ServerConnectionBalancer"/>.</summary>
    internal long LastTargetTimestamp { get; set; }
}
