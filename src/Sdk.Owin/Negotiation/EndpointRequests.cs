using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Answers requests under a mapped path: negotiate with "go to the gateway", the script as ever, everything else with why not.</summary>
internal sealed partial class EndpointRequests
{
    private readonly ClassicRuntime _runtime;
    private readonly ClassicEndpoint _endpoint;
    private readonly NegotiateClaims _claims;
    private readonly ILogger _logger;
    private int _next;

    public EndpointRequests(ClassicRuntime runtime, ClassicEndpoint endpoint, ILogger logger)
    {
        _runtime = runtime;
        _endpoint = endpoint;
        _claims = new NegotiateClaims(runtime);
        Core = endpoint.IsHubs ? new CoreRequests(runtime, this) : null;
        _logger = logger;
    }

    /// <summary>The clients of ASP.NET Core SignalR; null where there are no hubs.</summary>
    public CoreRequests? Core { get; }

    public Task<EndpointAnswer> AnswerAsync(IRequest request)
    {
        var path = request.LocalPath.TrimEnd('/');
        if (_endpoint.IsHubs && (EndsWith(path, "/hubs") || EndsWith(path, "/js")))
        {
            return ScriptAsync(request);
        }

        return Task.FromResult(EndsWith(request.LocalPath, "/negotiate")
            ? NegotiateClassic(request)
            : EndpointAnswer.Text(404, "NotFound: clients of this application connect to the gateway, where negotiate sends them."));
    }

    private async Task<EndpointAnswer> ScriptAsync(IRequest request)
    {
        var response = new CapturedResponse();
        await _endpoint.CreateDispatcher().ProcessRequest(new HostContext(request, response)).ConfigureAwait(false);
        return new EndpointAnswer(response.StatusCode, response.ContentType, response.Text);
    }

    /// <summary>Authorizes the hubs of a request, chooses the gateway and collects the claims.</summary>
    /// <param name="request">The request, with the hubs in <c>connectionData</c>.</param>
    /// <param name="redirect">Makes the answer of these.</param>
    public EndpointAnswer Negotiate(IRequest request, Func<ServerConnectionSet, Dictionary<string, object>, EndpointAnswer> redirect)
    {
        bool authorized;
        var dispatcher = _endpoint.CreateDispatcher();
        var hubs = dispatcher as ClientHubDispatcher;
        try
        {
            if (hubs is not null)
            {
                hubs.IsNegotiate = true;
            }

            authorized = dispatcher.Authorize(request);
        }
        catch (Exception exception)
        {
            Log.AuthorizationFailed(_logger, exception, _endpoint.Name);
            return EndpointAnswer.Text(500, "The hubs of connectionData could not be found or authorized; the application's log says why.");
        }

        if (!authorized)
        {
            return request.User?.Identity is { IsAuthenticated: true } ? EndpointAnswer.Text(403, "Forbidden") : EndpointAnswer.Text(401, "Unauthorized");
        }

        if (SelectGateway() is not { } gateway)
        {
            Log.NoEndpoint(_logger, _runtime.Application.NotConnected(), _runtime.Options.ApplicationName);
            return EndpointAnswer.Text(500, $"Application '{_runtime.Options.ApplicationName}' has no server connection to a gateway. Try again later.");
        }

        try
        {
            return redirect(gateway, _claims.Collect(request, _endpoint, hubs?.AllowedHubs ?? string.Empty));
        }
        catch (AccessTokenTooLongException exception)
        {
            Log.TokenTooLong(_logger, _runtime.Options.ApplicationName, exception.Length);
            return EndpointAnswer.Text(413, exception.Message);
        }
        catch (Exception exception)
        {
            // Claims come from the application's own code.
            Log.NegotiateFailed(_logger, exception, _endpoint.Name);
            return EndpointAnswer.Text(500, "Negotiate failed; the application's log says why.");
        }
    }

    private EndpointAnswer NegotiateClassic(IRequest request)
    {
        var clientProtocol = request.QueryString["clientProtocol"];
        if (!string.IsNullOrEmpty(request.QueryString["callback"]))
        {
            return EndpointAnswer.Text(400, "JSONP is no longer supported.");
        }

        return Negotiate(request, (gateway, claims) =>
        {
            if (!ClientRedirect.CanFollow(clientProtocol))
            {
                Log.OldClient(_logger, _endpoint.Name, clientProtocol ?? "none");
            }

            var connectionString = gateway.Endpoint.ConnectionString;
            var token = gateway.Tokens.Create(EndpointUrls.ClassicClientAudience(connectionString), claims, _runtime.Options.AccessTokenLifetime);
            var url = ClientRedirect.Classic(connectionString, clientProtocol, request.LocalPath, request.Url.Query);

            // TryWebSockets because the .NET client takes its absence for a no.
            return EndpointAnswer.Json(JsonConvert.SerializeObject(
                new { ProtocolVersion = "2.0", RedirectUrl = url, AccessToken = token, TryWebSockets = true }));
        });
    }

    /// <summary>A connected primary endpoint, else a connected secondary one, else none.</summary>
    private ServerConnectionSet? SelectGateway() => SelectGateway(EndpointType.Primary) ?? SelectGateway(EndpointType.Secondary);

    private ServerConnectionSet? SelectGateway(EndpointType type)
    {
        var online = _runtime.Application.Sets.Where(set => set.Endpoint.Type == type && set.IsOnline).ToArray();
        return online.Length == 0 ? null : online[(uint)Interlocked.Increment(ref _next) % (uint)online.Length];
    }

    private static bool EndsWith(string path, string suffix) => path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A client of {Endpoint} was refused: its hubs could not be found or authorized.", EventName = "AuthorizationFailed")]
        public static partial void AuthorizationFailed(ILogger logger, Exception exception, string endpoint);

        [LoggerMessage(2, LogLevel.Warning, "A client of application {Application} was refused: no endpoint is connected.", EventName = "NoEndpoint")]
        public static partial void NoEndpoint(ILogger logger, Exception reason, string application);

        [LoggerMessage(3, LogLevel.Warning, "A client of application {Application} was refused: its access token would have {Length} characters.", EventName = "TokenTooLong")]
        public static partial void TokenTooLong(ILogger logger, string application, int length);

        [LoggerMessage(
            5, LogLevel.Information,
            "A client of {Endpoint} speaks protocol {Protocol} and cannot follow a redirect (SignalR before 2.4): point its URL at the gateway.",
            EventName = "OldClient")]
        public static partial void OldClient(ILogger logger, string endpoint, string protocol);

        [LoggerMessage(4, LogLevel.Error, "A negotiate request of {Endpoint} failed.", EventName = "NegotiateFailed")]
        public static partial void NegotiateFailed(ILogger logger, Exception exception, string endpoint);
    }
}
