using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Core;

/// <summary>
/// What <c>Context.GetHttpContext()</c> returns: the client's request as the hub would have seen it, had the client
/// connected to the application itself.
/// </summary>
internal static class VirtualHttpContext
{
    private static readonly string[] GatewayParameters =
    [
        ServicePaths.HubQuery, ServicePaths.OriginalPathQuery, ServicePaths.RequestIdQuery, ServicePaths.CultureQuery,
        ServicePaths.UICultureQuery, ServicePaths.AccessTokenQuery,
    ];

    public static DefaultHttpContext Create(
        OpenConnectionMessage open, ClaimsPrincipal user, Endpoint? endpoint, IServiceScopeFactory scopes, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { ServiceScopeFactory = scopes, User = user, RequestAborted = aborted };
        var request = context.Request;
        request.Method = HttpMethods.Get;
        foreach (var (name, values) in open.Headers)
        {
            request.Headers[name] = new StringValues(values);
        }

        request.Scheme = request.Headers["X-Forwarded-Proto"] is [{ Length: > 0 } scheme, ..] ? scheme : "http";
        request.Path = FindParameter(open.QueryString, ServicePaths.OriginalPathQuery) is { Length: > 0 } path ? path : "/";
        request.QueryString = OriginalQuery(open.QueryString);
        if (request.Headers["X-Forwarded-For"] is [{ } addresses, ..] && TryParseAddress(addresses, out var address))
        {
            context.Connection.RemoteIpAddress = address;
        }

        context.SetEndpoint(endpoint);
        return context;
    }

    /// <summary>The value of the first parameter with this name, decoded.</summary>
    public static string? FindParameter(string query, string name)
    {
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            if (parameter.EncodedName.Span.SequenceEqual(name))
            {
                return parameter.DecodeValue().ToString();
            }
        }

        return null;
    }

    /// <summary>
    /// The query without what the gateway's URL added. Each of those stands once: a later parameter of the same name is the
    /// application's own.
    /// </summary>
    private static QueryString OriginalQuery(string query)
    {
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<string>();
        foreach (var piece in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = piece.Split('=', 2)[0];
            if (!GatewayParameters.Contains(name, StringComparer.Ordinal) || !removed.Add(name))
            {
                kept.Add(piece);
            }
        }

        return kept.Count == 0 ? QueryString.Empty : new QueryString("?" + string.Join('&', kept));
    }

    /// <summary>The first address is the client's own; ports and brackets of IPv6 are allowed.</summary>
    private static bool TryParseAddress(string addresses, out IPAddress? address)
    {
        var first = addresses.Split(',')[0].Trim();
        if (IPAddress.TryParse(first, out address))
        {
            return true;
        }

        if (IPEndPoint.TryParse(first, out var endpoint))
        {
            address = endpoint.Address;
            return true;
        }

        return false;
    }
}
