using Microsoft.AspNetCore.Http;
using Tandem.Protocols.Service;
using Tandem.Routing.Diagnostics;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>Who a connection is for, and what its app server gets to see of the request it began with.</summary>
internal sealed class ClassicClient
{
    /// <summary>Query parameter with the connection token.</summary>
    public const string ConnectionTokenQuery = "connectionToken";

    /// <summary>The app server's SDK refuses a client without one, and looks no further: the id comes in the message. The real one is a secret.</summary>
    public const string ConnectionTokenForAppServer = ConnectionTokenQuery + "=gateway";

    /// <summary>Public name of the connection.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>The application, as named in the token or in the configuration.</summary>
    public required string Application { get; init; }

    /// <summary>The hubs of the client, as it named them; null when it is a client of a PersistentConnection.</summary>
    public required IReadOnlyList<string>? Hubs { get; init; }

    public required ClientPrincipal Principal { get; init; }

    /// <summary>The claims, and the path of the mapping.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Claims { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string[]>> Headers { get; init; }

    public required string QueryString { get; init; }

    public required ClassicTimes Times { get; init; }

    /// <summary>The transport it asked for first. It may come to another one, and app servers may hear of it before it has any.</summary>
    public required ClientTransports Transport { get; init; }

    /// <summary>What the client is made with; the .NET client says so in each request but the one for a WebSocket.</summary>
    public ClientLibrary Library { get; set; } = ClientLibrary.Unknown;

    /// <summary>The query of a request as the app server may see it: no access token, and a connection token that opens nothing.</summary>
    public static string QueryFor(HttpRequest request) =>
        ClientRequest.QueryString(request, ConnectionTokenQuery, ConnectionTokenForAppServer);

    /// <summary>
    /// Names on the wire of the hubs the client is a member of: those it named, as far as the token says that it may use them. Before the app
    /// server has looked at the client, and without such a claim, all it named.
    /// </summary>
    public IReadOnlyList<string> MemberHubs()
    {
        var allowed = Claims.FirstOrDefault(static claim => claim.Key == ServiceClaims.AllowedHubs).Value?.Split('.');
        return
        [
            .. (Hubs ?? [])
                .Where(hub => allowed is null || allowed.Contains(hub, StringComparer.OrdinalIgnoreCase))
                .Select(hub => ServicePaths.PrefixedHub(Application, hub)),
        ];
    }
}
