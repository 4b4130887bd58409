using Microsoft.AspNet.SignalR;

namespace Tandem.Sdk.Owin;

/// <summary>Reads the cookie header.</summary>
internal static class RequestCookies
{
    /// <summary>Cookies by name; of several with one name the first counts.</summary>
    public static Dictionary<string, Cookie> Parse(string? header)
    {
        var cookies = new Dictionary<string, Cookie>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (header ?? string.Empty).Split([';', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = part.IndexOf('=');
            if (separator <= 0)
            {
                continue;
            }

            var name = System.Net.WebUtility.UrlDecode(part.Substring(0, separator).Trim());
            if (!cookies.ContainsKey(name))
            {
                cookies.Add(name, new Cookie(name, System.Net.WebUtility.UrlDecode(part.Substring(separator + 1).Trim())));
            }
        }

        return cookies;
    }
}
