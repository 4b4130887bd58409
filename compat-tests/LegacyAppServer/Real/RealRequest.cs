using System.Security.Principal;
using System.Text;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.LegacyAppServer;

/// <summary>A request to the real SignalR, from its OWIN environment.</summary>
internal sealed class RealRequest : IRequest
{
    private readonly Stream _body;
    private Task<INameValueCollection>? _form;

    public RealRequest(IDictionary<string, object> environment)
    {
        Environment = environment;
        var headers = (IDictionary<string, string[]>)environment["owin.RequestHeaders"];
        var query = (string)environment["owin.RequestQueryString"];
        Headers = new RealValues(headers.SelectMany(static header => header.Value, static (header, value) => (header.Key, value)));
        QueryString = RealValues.Parse(query);
        Cookies = (Headers["Cookie"] ?? "").Split([';'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static cookie => cookie.Trim().Split(['='], 2)).GroupBy(static pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static pairs => pairs.Key, static pairs => new Cookie(pairs.Key, Uri.UnescapeDataString(pairs.First().Last())));
        LocalPath = (string)environment["owin.RequestPathBase"] + (string)environment["owin.RequestPath"];
        Url = new UriBuilder($"{environment["owin.RequestScheme"]}://{Headers["Host"]}") { Path = LocalPath, Query = query }.Uri;
        User = environment.TryGetValue("server.User", out var user) ? (IPrincipal)user : null;
        _body = (Stream)environment["owin.RequestBody"];
    }

    public Uri Url { get; }

    public string LocalPath { get; }

    public INameValueCollection QueryString { get; }

    public INameValueCollection Headers { get; }

    public IDictionary<string, Cookie> Cookies { get; }

    public IPrincipal? User { get; }

    public IDictionary<string, object> Environment { get; }

    /// <summary>Transports ask several times; the body can be read once.</summary>
    public Task<INameValueCollection> ReadForm() => _form ??= ReadFormAsync();

    private async Task<INameValueCollection> ReadFormAsync()
    {
        using var reader = new StreamReader(_body, Encoding.UTF8);
        return RealValues.Parse(await reader.ReadToEndAsync());
    }
}
