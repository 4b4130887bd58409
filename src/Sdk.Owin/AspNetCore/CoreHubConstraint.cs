#if NET
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tandem.Sdk.Owin;

/// <summary>Lets a route match only where a client of ASP.NET Core SignalR asks for a hub of the application.</summary>
internal sealed class CoreHubConstraint : IRouteConstraint
{
    private readonly CoreRequests _clients;
    private readonly bool _isNegotiate;

    public CoreHubConstraint(CoreRequests clients, bool isNegotiate)
    {
        _clients = clients;
        _isNegotiate = isNegotiate;
    }

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        if (httpContext is null || values[routeKey] is not string hub || !_clients.IsHub(hub))
        {
            return false;
        }

        var request = new HttpContextRequest(httpContext);
        return _clients.Find("/" + hub + (_isNegotiate ? "/negotiate" : string.Empty), request.QueryString, request.Headers, isMapped: false) is not null;
    }
}
#endif
