using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tandem.Protocols.Service;

namespace Tandem.Transports;

/// <summary>What of a client's request the app server gets to see. Never the access token, nor the connection token.</summary>
public static class ClientRequest
{
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>
    /// The client's headers without credentials, its address as the gateway sees it in <c>X-Forwarded-For</c> (a value of the client's
    /// own would be a lie anyone can tell), and the gateway's own headers.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string[]>> Headers(HttpRequest request, string nodeTag, bool isDiagnostic)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = new List<KeyValuePair<string, string[]>>(request.Headers.Count + 2);
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

        headers.Add(new(ServiceHeaders.InstanceId, [nodeTag]));
        if (isDiagnostic)
        {
            headers.Add(new(ServiceHeaders.DiagnosticClient, ["true"]));
        }

        return headers;
    }

    /// <summary>The query with its <c>?</c> as the client sent it, without the named parameters and the access token; empty when nothing is left.</summary>
    public static string QueryString(HttpRequest request, params ReadOnlySpan<string> without)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = request.QueryString.Value;
        if (string.IsNullOrEmpty(query))
        {
            return string.Empty;
        }

        var kept = new System.Text.StringBuilder(query.Length);
        foreach (var range in query.AsSpan(1).Split('&'))
        {
            var part = query.AsSpan(1)[range];
            if (!part.IsEmpty && !IsNamed(part, ServicePaths.AccessTokenQuery) && !IsAnyOf(part, without))
            {
                kept.Append(kept.Length == 0 ? '?' : '&').Append(part);
            }
        }

        return kept.ToString();
    }

    private static bool IsWithheld(string header) =>
        header.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
        || header.Equals(ForwardedFor, StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("Asrs-", StringComparison.OrdinalIgnoreCase);

    private static bool IsAnyOf(ReadOnlySpan<char> part, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IsNamed(part, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a <c>name=value</c> part has this name, in whatever case and however it is escaped.</summary>
    private static bool IsNamed(ReadOnlySpan<char> part, string name)
    {
        var equals = part.IndexOf('=');
        var key = equals < 0 ? part : part[..equals];
        return key.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (key.Contains('%') && Uri.UnescapeDataString(key).Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
