using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Protocols.Service;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary>What the endpoints have in common: the hub, the principal, finding the connection a request belongs to, and refusing.</summary>
internal static class CoreEndpointContext
{
    /// <summary>Query parameter with the connection token.</summary>
    public const string IdQuery = "id";

    /// <summary>The hub of the request; null, and the request answered, when it names none.</summary>
    public static async ValueTask<string?> ReadHubAsync(HttpContext context)
    {
        var hub = context.Request.Query[ServicePaths.HubQuery];
        if (hub.Count > 0 && !string.IsNullOrEmpty(hub[0]))
        {
            // The SDK writes it first; further ones are the user's own parameters, which the app server gets to see.
            return hub[0];
        }

        await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, "The query must name the 'hub'.");
        return null;
    }

    /// <summary>The connection token: the last <c>id</c>, which the client library appends; earlier ones are the user's. Null when there is none.</summary>
    public static string? ReadToken(HttpRequest request) => request.Query[IdQuery] is { Count: > 0 } ids ? ids[^1] : null;

    /// <summary>
    /// The connection the request belongs to; null, and the request answered, when there is none: unknown token, another hub, or the token
    /// of another user.
    /// </summary>
    public static async ValueTask<CoreConnection?> FindAsync(HttpContext context, CoreConnections connections)
    {
        if (ReadToken(context.Request) is not { Length: > 0 } token)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, "The query must name the connection: 'id' is missing.");
            return null;
        }

        if (await ReadHubAsync(context) is not { } hub)
        {
            return null;
        }

        if (!connections.TryGet(token, out var connection) || !string.Equals(connection.Hub, hub, StringComparison.OrdinalIgnoreCase))
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status404NotFound, "There is no connection with that id. Negotiate again.");
            return null;
        }

        if (new ClientPrincipal(context.User).UserId != connection.Principal.UserId)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status403Forbidden, "The connection belongs to another user.");
            return null;
        }

        return connection;
    }
}
