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

    /// <summary>
    /// The hub that stands for the application this one belongs to, itself where it is that one; null while no such application is known. Its
    /// server connections serve classic clients.
    /// </summary>
    public HubState? Application { get; internal set; }

    /// <summary>Name of the hub in its application, in lower case: what classic clients call it.</summary>
    public string Name => Application is { } application ? Key[(ApplicationNameLength(application.Key) + 1)..] : Key;

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

    /// <summary>The name of the application in the key of its hub, <c>app_app</c>; zero when it is no such key.</summary>
    internal static int ApplicationNameLength(string key)
    {
        var length = key.Length / 2;
        return key.Length % 2 == 1 && key[length] == '_' && key.AsSpan(0, length).SequenceEqual(key.AsSpan(length + 1)) ? length : 0;
    }
}
