using System.Security.Principal;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.Sdk.Owin;

/// <summary>A request of a client that names its hub in the path, as the hub dispatcher wants it: with the hub in <c>connectionData</c>.</summary>
internal sealed class HubRequest : IRequest
{
    private readonly IRequest _request;

    public HubRequest(IRequest request, string hub)
    {
        _request = request;
        var query = ValueCollection.ParseQuery(request.Url.Query);
        query.Set("connectionData", Newtonsoft.Json.JsonConvert.SerializeObject(new[] { new { name = hub } }));
        QueryString = query;
    }

    public Uri Url => _request.Url;

    public string LocalPath => _request.LocalPath;

    public INameValueCollection QueryString { get; }

    public INameValueCollection Headers => _request.Headers;

    public IDictionary<string, Cookie> Cookies => _request.Cookies;

    public IPrincipal User => _request.User;

    public IDictionary<string, object> Environment => _request.Environment;

    public Task<INameValueCollection> ReadForm() => _request.ReadForm();
}
