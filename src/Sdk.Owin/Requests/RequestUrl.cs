namespace Tandem.Sdk.Owin;

/// <summary>Puts a request's address together from what hosts and gateways say of it.</summary>
internal static class RequestUrl
{
    private static readonly Uri Unknown = new("http://localhost/");

    /// <param name="scheme">Such as <c>https</c>.</param>
    /// <param name="host">The host header; may be missing.</param>
    /// <param name="path">Not escaped.</param>
    /// <param name="query">As sent, with or without its leading <c>?</c>.</param>
    public static Uri Create(string scheme, string? host, string path, string query)
    {
        var text = scheme + "://" + (string.IsNullOrEmpty(host) ? "localhost" : host)
            + string.Join("/", path.Split('/').Select(Uri.EscapeDataString)) + (query.Length == 0 ? query : "?" + query.TrimStart('?'));

        // The host header is the client's to choose.
        return Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : Unknown;
    }
}
