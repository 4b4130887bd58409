using System.Text;

namespace Tandem.Gateway.Configuration;

/// <summary>What must hold for the settings that are more than a number in a range.</summary>
internal static class GatewayOptionsRules
{
    /// <summary>HMAC-SHA256 wants a key of 256 bits, and JWT libraries refuse to sign with less.</summary>
    public const int MinKeyBytes = 32;

    /// <summary>Two: the one in use and its successor. Every further one makes each foreign token dearer to refuse.</summary>
    public const int MaxKeys = 2;

    private const string KeysName = "Tandem:AccessKeys";

    /// <summary>What is wrong with the keys and the endpoint. Never quotes a key.</summary>
    public static IEnumerable<string> Check(GatewayOptions options)
    {
        if (options.AccessKeys.Count == 0)
        {
            yield return $"{KeysName} is empty: app servers and clients prove with a key that they belong here. Set {KeysName}:0 to a random text of "
                + "32 characters or more: flag --Tandem:AccessKeys:0 KEY, environment variable Tandem__AccessKeys__0, or appsettings.json "
                + "{ \"Tandem\": { \"AccessKeys\": [ \"KEY\" ] } }. \"openssl rand -hex 32\" makes one; \"tandem dev\" needs none.";
        }

        if (options.AccessKeys.Count > MaxKeys)
        {
            yield return $"{KeysName} has {options.AccessKeys.Count} entries; it takes {MaxKeys} at most, the key in use and its successor.";
        }

        for (var i = 0; i < options.AccessKeys.Count; i++)
        {
            var key = options.AccessKeys[i];
            if (Encoding.UTF8.GetByteCount(key) < MinKeyBytes)
            {
                yield return $"{KeysName}:{i} has {key.Length} characters; it needs {MinKeyBytes} or more.";
            }

            if (key.Contains(';') || key != key.Trim())
            {
                yield return $"{KeysName}:{i} has a semicolon in it or a space around it, which a connection string cannot carry.";
            }
        }

        if (!string.IsNullOrEmpty(options.Endpoint) && !IsHttpUrl(options.Endpoint))
        {
            yield return $"Tandem:Endpoint is \"{options.Endpoint}\"; it must be an http or https URL without path, query or semicolon, such as https://rt.example.org.";
        }
    }

    /// <summary>What is wrong with the origins.</summary>
    public static IEnumerable<string> Check(ClientAccessOptions options) =>
        from origin in options.AllowedOrigins
        where origin != "*" && !IsHttpUrl(origin.Replace("://*.", "://any.", StringComparison.Ordinal))
        select $"Tandem:Clients:AllowedOrigins has \"{origin}\"; an origin is a scheme and a host, such as https://app.example.org or https://*.example.org.";

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.PathAndQuery == "/"
        && !text.Contains(';');
}
