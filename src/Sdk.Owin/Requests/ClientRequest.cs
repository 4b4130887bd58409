using System.Security.Claims;
using System.Security.Principal;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Owin;

/// <summary>The request that opened a client connection, at the gateway: what <c>Context.Request</c> is in a hub.</summary>
internal sealed class ClientRequest : IRequest
{
    private const string ConnectSuffix = "/connect";

    private readonly ValueCollection _query;
    private readonly ValueCollection _headers = new();

    public ClientRequest(OpenConnectionMessage open, ClaimsPrincipal user)
    {
        User = user;
        _query = ValueCollection.ParseQuery(open.QueryString);
        foreach (var header in open.Headers)
        {
            foreach (var value in header.Value)
            {
                _headers.Add(header.Key, value);
            }
        }

        // The dispatcher insists on a token that names the connection and its user; the client's own stays at the gateway.
        _query.Set("connectionToken", ConnectionTokens.Create(open.ConnectionId, user));
        Cookies = RequestCookies.Parse(_headers["Cookie"]);

        // Not the bare path of the mapping: an application may have mapped its hubs to "/hubs", which asks for the script.
        LocalPath = (_query[ServicePaths.OriginalPathQuery] ?? ServicePaths.ClassicClient) + ConnectSuffix;
        var scheme = string.Equals(_headers["X-Forwarded-Proto"], "https", StringComparison.OrdinalIgnoreCase) ? "https" : "http";

        // They came with the redirect and mean nothing to the application.
        _query.Remove(ServicePaths.OriginalPathQuery);
        _query.Remove(ServicePaths.RequestIdQuery);
        var query = WithoutOurs(open.QueryString);
        Url = RequestUrl.Create(scheme, _headers["Host"], LocalPath, query);
        Environment = CreateEnvironment(open, scheme, query);
    }

    public Uri Url { get; }

    public string LocalPath { get; }

    public INameValueCollection QueryString => _query;

    public INameValueCollection Headers => _headers;

    public IDictionary<string, Cookie> Cookies { get; }

    public IPrincipal User { get; }

    /// <summary>An environment for those who look there; it has what is known of the client and no response.</summary>
    public IDictionary<string, object> Environment { get; }

    public Task<INameValueCollection> ReadForm() => Task.FromResult<INameValueCollection>(new ValueCollection());

    private static string WithoutOurs(string query) => string.Join("&", query.TrimStart('?').Split('&').Where(static part =>
        !part.StartsWith(ServicePaths.OriginalPathQuery + "=", StringComparison.OrdinalIgnoreCase)
        && !part.StartsWith(ServicePaths.RequestIdQuery + "=", StringComparison.OrdinalIgnoreCase)));

    private Dictionary<string, object> CreateEnvironment(OpenConnectionMessage open, string scheme, string query)
    {
        var headers = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in open.Headers)
        {
            headers[header.Key] = header.Value;
        }

        var environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [OwinKeys.Version] = "1.0",
            [OwinKeys.RequestMethod] = "GET",
            [OwinKeys.RequestScheme] = scheme,
            [OwinKeys.RequestPathBase] = string.Empty,
            [OwinKeys.RequestPath] = LocalPath,
            [OwinKeys.RequestQueryString] = query,
            [OwinKeys.RequestProtocol] = "HTTP/1.1",
            [OwinKeys.RequestHeaders] = headers,
            [OwinKeys.RequestBody] = Stream.Null,
            [OwinKeys.ResponseHeaders] = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase),
            [OwinKeys.ResponseBody] = Stream.Null,
            [OwinKeys.CallCancelled] = CancellationToken.None,
            [OwinKeys.ServerUser] = User,
        };
        if (_headers["X-Forwarded-For"] is { Length: > 0 } forwarded)
        {
            environment[OwinKeys.RemoteAddress] = forwarded.Split(',')[0].Trim();
        }

        return environment;
    }
}
