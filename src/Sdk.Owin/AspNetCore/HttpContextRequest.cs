#if NET
using System.Security.Principal;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tandem.Sdk.Owin;

/// <summary>A request of an ASP.NET Core host, as classic code sees requests.</summary>
internal sealed class HttpContextRequest : IRequest
{
    private readonly HttpContext _context;

    public HttpContextRequest(HttpContext context)
    {
        _context = context;
        var headers = new ValueCollection();
        foreach (var header in context.Request.Headers)
        {
            foreach (var value in header.Value)
            {
                headers.Add(header.Key, value ?? string.Empty);
            }
        }

        Headers = headers;
        QueryString = ValueCollection.ParseQuery(context.Request.QueryString.Value);
        Cookies = RequestCookies.Parse(headers["Cookie"]);
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [typeof(HttpContext).FullName!] = context,
            [OwinKeys.ServerUser] = context.User,
        };
    }

    public Uri Url => RequestUrl.Create(_context.Request.Scheme, _context.Request.Host.Value, LocalPath, _context.Request.QueryString.Value ?? string.Empty);

    public string LocalPath => _context.Request.PathBase.Add(_context.Request.Path).Value ?? string.Empty;

    public INameValueCollection QueryString { get; }

    public INameValueCollection Headers { get; }

    public IDictionary<string, Cookie> Cookies { get; }

    public IPrincipal User => _context.User;

    public IDictionary<string, object> Environment { get; }

    /// <summary>Negotiate requests have no form.</summary>
    public Task<INameValueCollection> ReadForm() => Task.FromResult<INameValueCollection>(new ValueCollection());
}
#endif
