using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>Collects what a client's access token says: the application's claims, and instructions to the gateway.</summary>
internal sealed class NegotiateClaims(
    IUserIdProvider userIds, ServerConnectionSettings settings, IOptions<TandemOptions> options, ILoggerFactory loggers)
{
    private const string DefaultAuthenticationType = "Bearer";
    private const string BlazorHub = "Microsoft.AspNetCore.Components.Server.ComponentHub";
    private const int DefaultHandshakeSeconds = 15;

    private readonly TandemOptions _options = options.Value;

    public Dictionary<string, object> Collect(HttpContext context, HubRuntime hub)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var claim in _options.ClaimsProvider?.Invoke(context) ?? context.User.Claims)
        {
            TokenClaims.AddUserClaim(claims, claim.Type, claim.Value);
        }

        AddUser(claims, context, hub);
        AddSticky(claims, hub);
        AddLimits(claims, context, hub);
        return claims;
    }

    private void AddUser(Dictionary<string, object> claims, HttpContext context, HubRuntime hub)
    {
        if (GetUserId(context) is { } userId)
        {
            claims[ServiceClaims.UserId] = userId;
        }

        if (context.User.Identity is not ClaimsIdentity identity)
        {
            return;
        }

        if (identity.AuthenticationType is { Length: > 0 } type && type != DefaultAuthenticationType)
        {
            claims[ServiceClaims.AuthenticationType] = type;
        }

        if (identity.NameClaimType != ClaimsIdentity.DefaultNameClaimType)
        {
            claims[ServiceClaims.NameType] = identity.NameClaimType;
        }

        if (identity.RoleClaimType != ClaimsIdentity.DefaultRoleClaimType)
        {
            claims[ServiceClaims.RoleType] = identity.RoleClaimType;
        }

        AddExpiry(claims, context);
    }

    private void AddSticky(Dictionary<string, object> claims, HubRuntime hub)
    {
        var mode = hub.HubType.FullName == BlazorHub
            ? ServerStickyMode.Required
            : _options.ServerStickyMode ?? ServerStickyMode.Disabled;
        if (mode != ServerStickyMode.Disabled)
        {
            claims[ServiceClaims.ServerName] = settings.ServerId;
            claims[ServiceClaims.ServerSticky] = mode.ToString();
        }
    }

    private void AddLimits(Dictionary<string, object> claims, HttpContext context, HubRuntime hub)
    {
        if (hub.HubOptions.EnableDetailedErrors == true)
        {
            claims[ServiceClaims.DetailedErrors] = "True";
        }

        if (hub.HubOptions.HandshakeTimeout is { } handshake)
        {
            var seconds = Math.Clamp((int)Math.Ceiling(handshake.TotalSeconds), 1, 30);
            if (seconds != DefaultHandshakeSeconds)
            {
                claims[ServiceClaims.HandshakeTimeoutSeconds] = Text(seconds);
            }
        }

        if (_options.Endpoints.Count > 1)
        {
            claims[ServiceClaims.EndpointCount] = Text(_options.Endpoints.Count);
        }

        if (_options.MaxPollIntervalInSeconds is { } poll)
        {
            claims[ServiceClaims.LongPollSeconds] = Text(poll);
        }

        var transports = _options.TransportTypeDetector?.Invoke(context) ?? HubMapping(context)?.Transports ?? HttpTransports.All;
        if (transports != HttpTransports.All)
        {
            claims[ServiceClaims.Transports] = Text((int)transports);
        }

        if (_options.DiagnosticClientFilter?.Invoke(context) == true)
        {
            claims[ServiceClaims.Diagnostic] = "true";
        }
    }

    private void AddExpiry(Dictionary<string, object> claims, HttpContext context)
    {
        if ((_options.CloseOnAuthenticationExpiration || HubMapping(context)?.CloseOnAuthenticationExpiration == true)
            && context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expires)
        {
            claims[ServiceClaims.CloseOnAuthenticationExpiration] = "true";
            claims[ServiceClaims.AuthenticationExpiresOn] = Text(expires.ToUnixTimeSeconds());
        }
    }

    /// <summary>What was said in <c>MapHub</c>.</summary>
    private static HttpConnectionDispatcherOptions? HubMapping(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<HttpConnectionDispatcherOptions>();

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks the application's provider, which wants a hub connection: one that stands for this request.</summary>
    private string? GetUserId(HttpContext context)
    {
        var connection = new DefaultConnectionContext(context.TraceIdentifier);
        connection.Features.Set<IConnectionUserFeature>(new RequestFeature { User = context.User, HttpContext = context });
        connection.Features.Set<IHttpContextFeature>(new RequestFeature { User = context.User, HttpContext = context });
        return userIds.GetUserId(new HubConnectionContext(connection, new HubConnectionContextOptions(), loggers));
    }

    private sealed class RequestFeature : IConnectionUserFeature, IHttpContextFeature
    {
        public ClaimsPrincipal? User { get; set; }

        public HttpContext? HttpContext { get; set; }
    }
}
