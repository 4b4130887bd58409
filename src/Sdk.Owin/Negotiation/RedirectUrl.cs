using System.Globalization;
using System.Net;
using Microsoft.AspNet.SignalR;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Makes the address at the gateway that a client goes on with.</summary>
internal static class RedirectUrl
{
    private const string NegotiateSuffix = "/negotiate";

    // The client names the first three again itself. The last is the application's own secret, and would hide the gateway's token.
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "clientProtocol", "connectionToken", "connectionData", ServicePaths.AccessTokenQuery,
    };

    // Clients before 2.4.1 append /negotiate to whatever they are given, and a query would end up in the middle.
    private static readonly Version FirstWithQuery = new(2, 1);
    private static readonly Version FirstWithRedirect = new(2, 0);

    private static long LastRequest;

    /// <summary>Whether the client knows what a redirect is. Others are answered too: they show their user that the versions do not fit.</summary>
    public static bool CanFollow(IRequest request) => Speaks(request, FirstWithRedirect);

    public static string Create(ConnectionString gateway, IRequest request)
    {
        var url = EndpointUrls.ClassicClient(gateway);
        if (!Speaks(request, FirstWithQuery))
        {
            return url;
        }

        var parts = request.Url.Query.TrimStart('?').Split(['&'], StringSplitOptions.RemoveEmptyEntries).Where(static part => !LeftOut.Contains(NameOf(part))).ToList();
        parts.Add(EndpointUrls.Parameter(ServicePaths.RequestIdQuery, Interlocked.Increment(ref LastRequest).ToString("x", CultureInfo.InvariantCulture)));
        var path = request.LocalPath;
        path = path.EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase) ? path.Substring(0, path.Length - NegotiateSuffix.Length) : path;
        if (path.Length > 0)
        {
            parts.Add(EndpointUrls.Parameter(ServicePaths.OriginalPathQuery, path));
        }

        return url + "?" + string.Join("&", parts);
    }

    private static bool Speaks(IRequest request, Version version) =>
        Version.TryParse(request.QueryString["clientProtocol"], out var protocol) && protocol >= version;

    private static string NameOf(string part)
    {
        var separator = part.IndexOf('=');
        return WebUtility.UrlDecode(separator < 0 ? part : part.Substring(0, separator));
    }
}
