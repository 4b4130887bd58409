using System.Security.Claims;
using Microsoft.AspNetCore.Http.Connections;

namespace Tandem.AppServer.Users;

/// <summary>
/// What the client of a scenario wants its access token to say, from the query of its negotiate request. An application would decide
/// that itself.
/// </summary>
internal static class NegotiateWishes
{
    /// <summary><c>claim=type:value</c>, any number of them; instead of those of the user.</summary>
    public static IEnumerable<Claim> ReadClaims(HttpContext context)
    {
        var wanted = context.Request.Query["claim"];
        return wanted.Count == 0
            ? context.User.Claims
            : wanted.Select(claim => claim!.Split(':', 2)).Select(parts => new Claim(parts[0], parts[1]));
    }

    /// <summary><c>transports=ServerSentEvents,LongPolling</c>; all if there is none.</summary>
    public static HttpTransportType ReadTransports(HttpContext context) =>
        Enum.TryParse<HttpTransportType>(context.Request.Query["transports"], out var wanted) ? wanted : HttpTransports.All;
}
