#if NET
using System.Collections.Specialized;
using System.Net;
using System.Net.WebSockets;
using System.Security.Principal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Tandem.OwinHost;

/// <summary>An accepted WebSocket as applications know it from System.Web and HttpListener.</summary>
internal sealed class KestrelWebSocketContext(HttpContext context, WebSocket socket) : WebSocketContext
{
    public override CookieCollection CookieCollection => [];

    public override NameValueCollection Headers
    {
        get
        {
            var headers = new NameValueCollection();
            foreach (var (name, values) in context.Request.Headers)
            {
                headers[name] = values.ToString();
            }

            return headers;
        }
    }

    public override bool IsAuthenticated => User?.Identity?.IsAuthenticated is true;

    public override bool IsLocal => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    public override bool IsSecureConnection => context.Request.IsHttps;

    public override string Origin => context.Request.Headers.Origin.ToString();

    public override Uri RequestUri => new(context.Request.GetEncodedUrl());

    public override string SecWebSocketKey => context.Request.Headers.SecWebSocketKey.ToString();

    public override IEnumerable<string> SecWebSocketProtocols => context.WebSockets.WebSocketRequestedProtocols;

    public override string SecWebSocketVersion => context.Request.Headers.SecWebSocketVersion.ToString();

    public override IPrincipal? User => context.User;

    public override WebSocket WebSocket => socket;
}
#endif
