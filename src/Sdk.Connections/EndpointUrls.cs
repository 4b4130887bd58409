using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>Addresses and audiences of one endpoint, as the service protocol builds them.</summary>
internal static class EndpointUrls
{
    /// <summary>Where a server connection of a hub is opened.</summary>
    /// <param name="connectionString">The endpoint.</param>
    /// <param name="hub">Hub name with application name.</param>
    /// <param name="serverConnectionId">Our name for the server connection.</param>
    /// <param name="target">Gateway instance that asked for it; null otherwise.</param>
    /// <param name="path">One of <see cref="ServicePaths.Server"/> and <see cref="ServicePaths.ClassicServer"/>.</param>
    public static Uri Server(
        ConnectionString connectionString, string hub, string serverConnectionId, string? target, string path = ServicePaths.Server)
    {
        var builder = new UriBuilder(new Uri(connectionString.ServerEndpoint, path.TrimStart('/') + "/"));
        builder.Scheme = builder.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        builder.Query = Parameter(ServicePaths.HubQuery, hub) + "&" + Parameter(ServicePaths.ServerConnectionIdQuery, serverConnectionId)
            + (target is null ? string.Empty : "&" + Parameter(ServicePaths.TargetQuery, target));
        return builder.Uri;
    }

    public static string ServerAudience(ConnectionString connectionString, string hub, string path = ServicePaths.Server) =>
        connectionString.AudienceBase + path.TrimStart('/') + "/?" + ServicePaths.HubQuery + "=" + hub;

    /// <summary>Where a client of a hub is sent; more parameters may be appended with <c>&amp;</c>.</summary>
    public static string Client(ConnectionString connectionString, string hub) =>
        connectionString.ClientEndpoint.AbsoluteUri + ServicePaths.Client.TrimStart('/') + "/?" + Parameter(ServicePaths.HubQuery, hub);

    public static string ClientAudience(ConnectionString connectionString, string hub) =>
        connectionString.AudienceBase + ServicePaths.Client.TrimStart('/') + "/?" + ServicePaths.HubQuery + "=" + hub;

    /// <summary>Where a classic client is sent; its hubs it names itself.</summary>
    public static string ClassicClient(ConnectionString connectionString) =>
        connectionString.ClientEndpoint.AbsoluteUri + ServicePaths.ClassicClient.TrimStart('/');

    public static string ClassicClientAudience(ConnectionString connectionString) =>
        connectionString.AudienceBase + ServicePaths.ClassicClient.TrimStart('/');

    public static string Parameter(string name, string value) => name + "=" + Uri.EscapeDataString(value);
}
