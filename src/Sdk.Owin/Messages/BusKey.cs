namespace Tandem.Sdk.Owin;

/// <summary>Whom a message of the bus is for: a kind, and the names in the key.</summary>
internal readonly struct BusKey
{
    private const string Hub = "h-";
    private const string HubConnection = "hc-";
    private const string HubGroup = "hg-";
    private const string HubUser = "hu-";
    private const string Connection = "c-";
    private const string PersistentConnection = "pc-";
    private const string PersistentConnectionGroup = "pcg-";

    private BusKey(BusKeyKind kind, string hub, string target)
    {
        Kind = kind;
        HubName = hub;
        Target = target;
    }

    public BusKeyKind Kind { get; }

    /// <summary>The hub's declared name; empty when the key has none.</summary>
    public string HubName { get; }

    /// <summary>Connection id, user id, or the name of the group at the gateway, which is the whole key.</summary>
    public string Target { get; }

    public static BusKey Parse(string key)
    {
        if (Starts(key, Hub))
        {
            return new(BusKeyKind.Hub, key.Substring(Hub.Length), string.Empty);
        }

        if (Starts(key, HubConnection))
        {
            return Split(BusKeyKind.Connection, key, HubConnection.Length);
        }

        if (Starts(key, HubUser))
        {
            return Split(BusKeyKind.User, key, HubUser.Length);
        }

        if (Starts(key, Connection))
        {
            return new(BusKeyKind.Connection, string.Empty, key.Substring(Connection.Length));
        }

        // All clients of a PersistentConnection are members of a group that is called like the key.
        return Starts(key, HubGroup) || Starts(key, PersistentConnectionGroup) || Starts(key, PersistentConnection)
            ? new(BusKeyKind.Group, string.Empty, key)
            : new(BusKeyKind.Unknown, string.Empty, key);
    }

    /// <summary>The connection ids in a message's filter.</summary>
    public static string[] ParseFilter(string? filter) => string.IsNullOrEmpty(filter)
        ? []
        : filter!.Split('|').Select(static signal => Parse(signal)).Where(static key => key.Kind == BusKeyKind.Connection)
            .Select(static key => key.Target).ToArray();

    /// <summary>The group of all clients of a PersistentConnection.</summary>
    public static string GroupOf(Type persistentConnection) => PersistentConnection + persistentConnection.FullName;

    // Names of hubs have no dot, so the first one ends the hub's name, whatever the rest is.
    private static BusKey Split(BusKeyKind kind, string key, int start)
    {
        var dot = key.IndexOf('.', start);
        return dot < 0 ? new(BusKeyKind.Unknown, string.Empty, key) : new(kind, key.Substring(start, dot - start), key.Substring(dot + 1));
    }

    private static bool Starts(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal);
}
