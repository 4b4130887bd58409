using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Extensions;
using Tandem.AppServer.Users;

namespace Tandem.AppServer;

/// <summary>Sends the clients that negotiate at one path to another of this application, in the way applications send theirs to a gateway.</summary>
internal static class OwnRedirect
{
    private const string Version = "negotiateVersion";

    public static void MapOwnRedirect(this IEndpointRouteBuilder endpoints, string from, string to) =>
        endpoints.MapPost($"{from}/negotiate", context => RedirectAsync(context, to));

    private static async Task RedirectAsync(HttpContext context, string to)
    {
        var request = context.Request;

        // A gateway's address has a query always.
        var query = new QueryBuilder(request.Query.Where(static pair => pair.Key != Version)) { { "redirected", "true" } };
        var answer = new NegotiationResponse
        {
            Url = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, to, query.ToQueryString()),
            AccessToken = UserTokens.Create(context.User.Identity?.Name ?? request.Query["user"].FirstOrDefault(), role: null),
        };
        context.Response.ContentType = "application/json";
        NegotiateProtocol.WriteResponse(answer, context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync();
    }
}
