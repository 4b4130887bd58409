#if NET
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>One request and its answer, or its WebSocket, as an OWIN environment.</summary>
internal sealed class KestrelExchange
{
    private readonly HttpContext _context;
    private AppFunc? _socketUser;

    public KestrelExchange(HttpContext context)
    {
        _context = context;
        var request = context.Request;
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["owin.Version"] = "1.0",
            ["owin.CallCancelled"] = context.RequestAborted,
            ["owin.RequestMethod"] = request.Method,
            ["owin.RequestScheme"] = request.Scheme,
            ["owin.RequestPathBase"] = string.Empty,
            ["owin.RequestPath"] = request.Path.Value ?? string.Empty,
            ["owin.RequestQueryString"] = request.QueryString.Value?.TrimStart('?') ?? string.Empty,
            ["owin.RequestProtocol"] = request.Protocol,
            ["owin.RequestHeaders"] = request.Headers.ToDictionary(
                static header => header.Key, static header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase),
            ["owin.RequestBody"] = request.Body,
            ["owin.ResponseHeaders"] = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase),
            ["owin.ResponseBody"] = context.Response.Body,
            ["server.RemoteIpAddress"] = context.Connection.RemoteIpAddress?.ToString() ?? string.Empty,
            ["server.Capabilities"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["websocket.Version"] = "1.0" },
        };
        if (context.WebSockets.IsWebSocketRequest)
        {
            // The application says what it wants with the WebSocket and returns; it gets one then.
            Action<IDictionary<string, object>, AppFunc> accept = (_, user) => _socketUser = user;
            Environment["websocket.Accept"] = accept;
        }

        context.Response.OnStarting(SetHead);
    }

    public IDictionary<string, object> Environment { get; }

    /// <summary>Completes when the WebSocket ends that the application has accepted, if it has.</summary>
    public async Task FinishAsync()
    {
        if (_socketUser is not null)
        {
            using var socket = new PatientWebSocket(await _context.WebSockets.AcceptWebSocketAsync());
            await _socketUser(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["websocket.Version"] = "1.0",
                ["websocket.CallCancelled"] = _context.RequestAborted,
                [typeof(WebSocketContext).FullName!] = new KestrelWebSocketContext(_context, socket),
            });
            await socket.FinishAsync();
        }
    }

    private Task SetHead()
    {
        var response = _context.Response;
        if (_socketUser is null && Environment.TryGetValue("owin.ResponseStatusCode", out var status))
        {
            response.StatusCode = (int)status;
        }

        foreach (var header in (IDictionary<string, string[]>)Environment["owin.ResponseHeaders"])
        {
            response.Headers[header.Key] = header.Value;
        }

        return Task.CompletedTask;
    }
}
#endif
