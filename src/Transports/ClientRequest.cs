using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tandem.Protocols.Service;

namespace Tandem.Transports;

/// <summary>What of a client's request the app server gets to see. Never the access token, nor the connection token.</summary>
public static class ClientRequest
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";

    /// <summary>
    /// The client's headers without credentials, its address and scheme as the gateway sees them in <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> (values of the client's own would be lies anyone can tell), and the gateway's own headers.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string[]>> Headers(HttpRequest request, string nodeTag, bool isDiagnostic)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = new List<KeyValuePair<string, string[]>>(request.Headers.Count + 4);
        foreach (var header in request.Headers)
        {
            if (!IsWithheld(header.Key))
            {
                headers.Add(new(header.Key, [.. header.Value.Select(value => value ?? string.Empty)]));
            }
        }

        if (request.HttpContext.Connection.RemoteIpAddress is { } address)
        {
            headers.Add(new(ForwardedFor, [(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()]));
        }

        headers.Add(new(ForwardedProto, [request.Scheme]));
        headers.Add(new(ServiceHeaders.InstanceId, [nodeTag]));
        if (isDiagnostic)
        {
            headers.Add(new(ServiceHeaders.DiagnosticClient, ["true"]));
        }

        return headers;
    }

    /// <summary>The query with its <c>?</c> as the client sent it, without the access token and one more secret; empty when nothing is left.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">Name of a parameter whose last value the client library appended; earlier ones are the user's own and stay.</param>
    public static string QueryString(HttpRequest request, string secret) => QueryString(request, secret, null);

    /// <summary>As <see cref="QueryString(HttpRequest, string)"/>, with something harmless where the secret was.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secret">Name of a parameter whose last value the client library appended.</param>
    /// <param name="inItsPlace">The <c>name=value</c> that takes the place of that parameter; null leaves it out.</param>
    public static string QueryString(HttpRequest request, string secret, string? inItsPlace)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = request.QueryString.Value;
        if (string.IsNullOrEmpty(query))
        {
            return string.Empty;
        }

        var parts = query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        var last = Array.FindLastIndex(parts, part => IsNamed(part, secret));
        var kept = string.Join('&', parts
            .Select((part, index) => index == last ? inItsPlace : part)
            .Where(part => part is not null && !IsNamed(part, ServicePaths.AccessTokenQuery)));
        return kept.Length == 0 ? string.Empty : "?" + kept;
    }

    private static bool IsWithheld(string header) =>
        header.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
        || header.Equals(ForwardedFor, StringComparison.OrdinalIgnoreCase)
        || header.Equals(ForwardedProto, StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("Asrs-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a <c>name=value</c> part has this name, in whatever case and however it is escaped.</summary>
    private static bool IsNamed(ReadOnlySpan<char> part, string name)
    {
        var equals = part.IndexOf('=');
        var key = equals < 0 ? part : part[..equals];
        return key.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (key.Contains('%') && Uri.UnescapeDataString(key).Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
