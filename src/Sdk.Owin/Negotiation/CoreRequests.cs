using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;
using Newtonsoft.Json;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>
/// Answers the clients of ASP.NET Core SignalR, which ask at a path of the hub: <c>/signalr/chat/negotiate</c> below the mapping, and
/// <c>/chat/negotiate</c> as applications of ASP.NET Core have it.
/// </summary>
internal sealed class CoreRequests
{
    private const string NegotiateSuffix = "/negotiate";

    private readonly ClassicRuntime _runtime;
    private readonly EndpointRequests _requests;

    public CoreRequests(ClassicRuntime runtime, EndpointRequests requests)
    {
        _runtime = runtime;
        _requests = requests;
    }

    public bool IsHub(string name) => _runtime.HasHub(name);

    /// <summary>What a request is; null when it is none of a Core client.</summary>
    /// <param name="path">The path, below the mapping if that matches.</param>
    /// <param name="query">The query.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="isMapped">Whether the path is below the mapping. Elsewhere the application may have a page of the same name.</param>
    public CoreRequest? Find(string path, INameValueCollection query, INameValueCollection headers, bool isMapped)
    {
        var isNegotiate = path.EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase);
        path = isNegotiate ? path.Substring(0, path.Length - NegotiateSuffix.Length) : path;

        // Classic clients may ask anywhere below the mapping, and say so.
        if (path.Length < 2 || path[0] != '/' || query["clientProtocol"] is not null
            || !(isNegotiate || isMapped || string.Equals(headers["Upgrade"], "websocket", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var hub = path.Substring(1);
        var isScript = isMapped && !isNegotiate && (hub.Equals("hubs", StringComparison.OrdinalIgnoreCase) || hub.Equals("js", StringComparison.OrdinalIgnoreCase));
        return IsHub(hub) && !isScript ? new CoreRequest(hub, isNegotiate) : null;
    }

    public EndpointAnswer Answer(CoreRequest core, IRequest request, string method)
    {
        if (!core.IsNegotiate)
        {
            return EndpointAnswer.Text(
                400, $"Hub {core.Hub} is served through the gateway: clients must negotiate first. Remove skipNegotiation from the client's options.");
        }

        if (!method.Equals("POST", StringComparison.OrdinalIgnoreCase))
        {
            return EndpointAnswer.Text(405, "Negotiate is a POST request.").With("Allow", "POST");
        }

        return _requests.Negotiate(new HubRequest(request, core.Hub), (gateway, claims) =>
        {
            var hub = ServicePaths.PrefixedHub(_runtime.Options.ApplicationName, core.Hub);
            var connectionString = gateway.Endpoint.ConnectionString;
            var token = gateway.Tokens.Create(EndpointUrls.ClientAudience(connectionString, hub), claims, _runtime.Options.AccessTokenLifetime);
            var url = ClientRedirect.Core(connectionString, hub, request.LocalPath, request.Url.Query, ClientRedirect.NewRequestId());
            return EndpointAnswer.Json(JsonConvert.SerializeObject(
                new { negotiateVersion = 0, url, accessToken = token, availableTransports = Array.Empty<object>() })).With("Cache-Control", "no-store");
        });
    }
}
