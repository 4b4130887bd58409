using Microsoft.AspNetCore.WebUtilities;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Authentication;

/// <summary>
/// What a token must be for: the path of its audience and, in it, the hub of the request. Scheme, host and port are not compared; SDK
/// versions differ in them, and reverse proxies change them.
/// </summary>
internal static class AudienceRule
{
    private const string NoAudience = "The access token has no audience.";

    /// <summary>What is wrong, for tokens whose audience names no hub; null when one of the audiences fits.</summary>
    public static string? CheckPath(IEnumerable<string> audiences, string path)
    {
        var error = NoAudience;
        foreach (var audience in audiences)
        {
            if (IsFor(audience, path, out _))
            {
                return null;
            }

            error = Elsewhere(path);
        }

        return error;
    }

    /// <summary>What is wrong, in words for the sender; null when one of the audiences fits.</summary>
    /// <param name="audiences">The audiences of the token.</param>
    /// <param name="path">What their path must be, such as <c>/client</c>; a slash at its end does not matter.</param>
    /// <param name="requestHub">The hub the request names.</param>
    public static string? Check(IEnumerable<string> audiences, string path, string? requestHub)
    {
        if (string.IsNullOrEmpty(requestHub))
        {
            return $"The request names no hub (query parameter {ServicePaths.HubQuery}).";
        }

        var error = NoAudience;
        foreach (var audience in audiences)
        {
            if (!IsFor(audience, path, out var url))
            {
                error = Elsewhere(path);
            }
            else if (!QueryHelpers.ParseQuery(url.Query).TryGetValue(ServicePaths.HubQuery, out var hub)
                || !string.Equals(hub, requestHub, StringComparison.OrdinalIgnoreCase))
            {
                error = "The access token is for another hub than the request.";
            }
            else
            {
                return null;
            }
        }

        return error;
    }

    private static string Elsewhere(string path) => $"The access token is for something else: the path of its audience must be {path}.";

    private static bool IsFor(string audience, string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(audience, UriKind.Absolute, out url) && url.AbsolutePath.TrimEnd('/').Equals(path, StringComparison.OrdinalIgnoreCase);
}
