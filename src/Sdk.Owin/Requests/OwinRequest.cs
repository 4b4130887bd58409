using System.Security.Claims;
using System.Security.Principal;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.Sdk.Owin;

/// <summary>A request of the application's own host, read from its OWIN environment without any OWIN library.</summary>
internal sealed class OwinRequest : IRequest
{
    private INameValueCollection? _query;
    private INameValueCollection? _headers;
    private Dictionary<string, Cookie>? _cookies;

    public OwinRequest(IDictionary<string, object> environment)
    {
        Environment = environment;
    }

    public IDictionary<string, object> Environment { get; }

    public Uri Url => RequestUrl.Create(Text(OwinKeys.RequestScheme), Headers["Host"], LocalPath, Text(OwinKeys.RequestQueryString));

    public string LocalPath => Text(OwinKeys.RequestPathBase) + Text(OwinKeys.RequestPath);

    public INameValueCollection QueryString => _query ??= ValueCollection.ParseQuery(Text(OwinKeys.RequestQueryString));

    public INameValueCollection Headers => _headers ??= ReadHeaders();

    public IDictionary<string, Cookie> Cookies => _cookies ??= RequestCookies.Parse(Headers["Cookie"]);

    public IPrincipal? User => Value(OwinKeys.ServerUser) as IPrincipal ?? Value(OwinKeys.RequestUser) as ClaimsPrincipal;

    /// <summary>Negotiate requests have no form.</summary>
    public Task<INameValueCollection> ReadForm() => Task.FromResult<INameValueCollection>(new ValueCollection());

    private ValueCollection ReadHeaders()
    {
        var headers = new ValueCollection();
        if (Value(OwinKeys.RequestHeaders) is IDictionary<string, string[]> values)
        {
            foreach (var header in values)
            {
                foreach (var value in header.Value ?? [])
                {
                    headers.Add(header.Key, value);
                }
            }
        }

        return headers;
    }

    private string Text(string key) => Value(key) as string ?? string.Empty;

    private object? Value(string key) => Environment.TryGetValue(key, out var value) ? value : null;
}
