using System.Globalization;
using System.Net;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>Makes the address at the gateway that a client goes on with, of the address it asked the application at.</summary>
internal static class ClientRedirect
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

    /// <summary>Whether a classic client knows what a redirect is. Others are answered too: they show their user that the versions do not fit.</summary>
    /// <param name="clientProtocol">What the client's query says.</param>
    public static bool CanFollow(string? clientProtocol) => Speaks(clientProtocol, FirstWithRedirect);

    /// <summary>Where a classic client goes on.</summary>
    /// <param name="gateway">The endpoint.</param>
    /// <param name="clientProtocol">What the client's query says.</param>
    /// <param name="path">Path of the negotiate request, not escaped.</param>
    /// <param name="query">Query of the negotiate request, escaped.</param>
    public static string Classic(ConnectionString gateway, string? clientProtocol, string path, string query)
    {
        var url = EndpointUrls.ClassicClient(gateway);
        if (!Speaks(clientProtocol, FirstWithQuery))
        {
            return url;
        }

        var parts = query.TrimStart('?').Split(['&'], StringSplitOptions.RemoveEmptyEntries).Where(static part => !LeftOut.Contains(NameOf(part))).ToList();
        parts.Add(EndpointUrls.Parameter(ServicePaths.RequestIdQuery, NewRequestId()));
        if (WithoutSuffix(path) is { Length: > 0 } original)
        {
            parts.Add(EndpointUrls.Parameter(ServicePaths.OriginalPathQuery, original));
        }

        return url + "?" + string.Join("&", parts);
    }

    /// <summary>Where a Core client goes on; more parameters may be appended with <c>&amp;</c>.</summary>
    /// <param name="gateway">The endpoint.</param>
    /// <param name="hub">Hub name with application name.</param>
    /// <param name="path">Path of the negotiate request, not escaped.</param>
    /// <param name="query">Query of the negotiate request, escaped.</param>
    /// <param name="requestId">An id for diagnostics.</param>
    public static string Core(ConnectionString gateway, string hub, string path, string query, string requestId)
    {
        var url = EndpointUrls.Client(gateway, hub);
        if (WithoutSuffix(path) is { Length: > 0 } original)
        {
            url += "&" + EndpointUrls.Parameter(ServicePaths.OriginalPathQuery, original);
        }

        if (query.TrimStart('?') is { Length: > 0 } parts)
        {
            url += "&" + parts;
        }

        return url + "&" + EndpointUrls.Parameter(ServicePaths.RequestIdQuery, requestId);
    }

    /// <summary>An id for diagnostics, where the host has none.</summary>
    public static string NewRequestId() => Interlocked.Increment(ref LastRequest).ToString("x", CultureInfo.InvariantCulture);

    private static string WithoutSuffix(string path) =>
        path.EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase) ? path.Substring(0, path.Length - NegotiateSuffix.Length) : path;

    private static bool Speaks(string? clientProtocol, Version version) => Version.TryParse(clientProtocol, out var protocol) && protocol >= version;

    private static string NameOf(string part)
    {
        var separator = part.IndexOf('=');
        return WebUtility.UrlDecode(separator < 0 ? part : part.Substring(0, separator));
    }
}
