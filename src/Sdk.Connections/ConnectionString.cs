using System.Globalization;
using System.Text.RegularExpressions;

namespace Tandem.Sdk.Connections;

/// <summary>
/// Says where a gateway is and which key proves that an app server belongs to it:
/// <c>Endpoint=https://rt.example.org;AccessKey=…;Version=1.0;</c>. Same shape as Azure SignalR Service's.
/// </summary>
public sealed class ConnectionString
{
    // 256 bits: what HMAC-SHA256 signatures must have at least.
    private const int MinKeyBytes = 32;

    private static readonly Regex SupportedVersion = new(@"^1\.\d+(?:[\w\-.]+)?$", RegexOptions.CultureInvariant);

    private ConnectionString(Uri endpoint, Uri? clientEndpoint, Uri? serverEndpoint, string accessKey, string? version)
    {
        Endpoint = endpoint;
        ClientEndpoint = clientEndpoint ?? endpoint;
        ServerEndpoint = serverEndpoint ?? endpoint;
        AccessKey = accessKey;
        Version = version;
    }

    /// <summary>The gateway, with a <c>/</c> at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where clients are sent; the same as <see cref="Endpoint"/> unless the string names another place.</summary>
    public Uri ClientEndpoint { get; }

    /// <summary>Where server connections go; the same as <see cref="Endpoint"/> unless the string names another place.</summary>
    public Uri ServerEndpoint { get; }

    /// <summary>The <c>Version</c> property if it has the form <c>1.x</c>; null otherwise.</summary>
    public string? Version { get; }

    /// <summary>The key's text. Its UTF-8 bytes sign the tokens.</summary>
    internal string AccessKey { get; }

    /// <summary>How audiences begin: no port and no path, whatever the other endpoints are.</summary>
    internal string AudienceBase => Endpoint.Scheme + "://" + Endpoint.Host + "/";

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">Properties as <c>key=value</c>, separated by <c>;</c>. Keys are compared without case.</param>
    /// <exception cref="FormatException">A part is missing, unknown in form or given twice. The message names the part and
    /// never holds the key.</exception>
    public static ConnectionString Parse(string text)
    {
        if (text is null)
        {
            throw new ArgumentNullException(nameof(text));
        }

        var properties = Split(text);
        var endpoint = ReadUri(properties, "Endpoint")
            ?? throw Invalid("it has no Endpoint, such as Endpoint=https://gateway.example.org");
        if (properties.TryGetValue("Port", out var portText))
        {
            endpoint = WithPort(endpoint, portText);
        }

        if (properties.TryGetValue("AuthType", out var authType) && !authType.Equals("AccessKey", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"AuthType '{authType}' is not supported; leave it out and use an AccessKey");
        }

        if (!properties.TryGetValue("AccessKey", out var key) || key.Length == 0)
        {
            throw Invalid("it has no AccessKey");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(key) < MinKeyBytes)
        {
            throw Invalid($"the AccessKey is shorter than {MinKeyBytes} bytes");
        }

        var version = properties.TryGetValue("Version", out var versionText) && SupportedVersion.IsMatch(versionText) ? versionText : null;
        return new ConnectionString(endpoint, ReadUri(properties, "ClientEndpoint"), ReadUri(properties, "ServerEndpoint"), key, version);
    }

    /// <summary>The string without its key, fit for logs.</summary>
    public override string ToString() => $"Endpoint={Endpoint};AccessKey=***";

    private static Dictionary<string, string> Split(string text)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var piece in text.Split([';'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.IsNullOrWhiteSpace(piece))
            {
                continue;
            }

            var separator = piece.IndexOf('=');
            if (separator <= 0)
            {
                // The piece itself may be a part of a key that held a ';', so it is not shown.
                throw Invalid("a part of it is not of the form key=value");
            }

            var key = piece.Substring(0, separator).Trim();
            if (properties.ContainsKey(key))
            {
                throw Invalid($"it names {key} twice");
            }

            properties.Add(key, piece.Substring(separator + 1).Trim());
        }

        return properties.Count >= 2 ? properties : throw Invalid("it needs at least Endpoint and AccessKey");
    }

    private static Uri? ReadUri(Dictionary<string, string> properties, string name)
    {
        if (!properties.TryGetValue(name, out var text))
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw Invalid($"{name} '{text}' is not an absolute http or https address");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw Invalid($"{name} has a query, a fragment or a user name");
        }

        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }

    private static Uri WithPort(Uri endpoint, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            throw Invalid($"Port '{text}' is not a number from 1 to 65535");
        }

        return new UriBuilder(endpoint) { Port = port }.Uri;
    }

    private static FormatException Invalid(string what) => new($"The connection string cannot be used: {what}.");
}
