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

    /// <summary>For a client of one hub.</summary>
    public Dictionary<string, object> Collect(HttpContext context, HubRuntime hub)
    {
        var mapping = context.GetEndpoint()?.Metadata.GetMetadata<HttpConnectionDispatcherOptions>();
        var claims = CollectCommon(context, mapping?.CloseOnAuthenticationExpiration == true);
        AddSticky(claims, hub.HubType.FullName == BlazorHub ? ServerStickyMode.Required : _options.ServerStickyMode);
        AddLimits(claims, context, hub, mapping);
        return claims;
    }

    /// <summary>For a classic client, which may be one of several hubs.</summary>
    /// <param name="context">The negotiate request.</param>
    /// <param name="hubs">Those it named and may use.</param>
    public Dictionary<string, object> CollectClassic(HttpContext context, IReadOnlyList<MappedHub> hubs)
    {
        var claims = CollectCommon(context, hubs.Any(static hub => hub.Mapping?.CloseOnAuthenticationExpiration == true));
        AddSticky(claims, _options.ServerStickyMode);

        // There is one claim for all hubs: what one of them keeps to itself stays there.
        if (hubs.Count > 0 && hubs.All(static hub => hub.Runtime.HubOptions.EnableDetailedErrors == true))
        {
            claims[ServiceClaims.DetailedErrors] = "True";
        }

        claims[ServiceClaims.ApplicationName] = _options.ApplicationName!;
        claims[ServiceClaims.AllowedHubs] = string.Join('.', hubs.Select(static hub => hub.Name.ToLowerInvariant()));
        return claims;
    }

    private Dictionary<string, object> CollectCommon(HttpContext context, bool closesOnExpiry)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { [ServiceClaims.AuthorizedBy] = HubAuthorization.Own };
        foreach (var claim in _options.ClaimsProvider?.Invoke(context) ?? context.User.Claims)
        {
            TokenClaims.AddUserClaim(claims, claim.Type, claim.Value);
        }

        AddUser(claims, context, closesOnExpiry);
        if (_options.Endpoints.Count > 1)
        {
            claims[ServiceClaims.EndpointCount] = Text(_options.Endpoints.Count);
        }

        if (_options.MaxPollIntervalInSeconds is { } poll)
        {
            claims[ServiceClaims.LongPollSeconds] = Text(poll);
        }

        if (_options.DiagnosticClientFilter?.Invoke(context) == true)
        {
            claims[ServiceClaims.Diagnostic] = "true";
        }

        return claims;
    }

    private void AddUser(Dictionary<string, object> claims, HttpContext context, bool closesOnExpiry)
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

        AddExpiry(claims, context, closesOnExpiry);
    }

    private void AddSticky(Dictionary<string, object> claims, ServerStickyMode? mode)
    {
        if (mode is ServerStickyMode.Preferred or ServerStickyMode.Required)
        {
            claims[ServiceClaims.ServerName] = settings.ServerId;
            claims[ServiceClaims.ServerSticky] = mode.Value.ToString();
        }
    }

    private void AddLimits(Dictionary<string, object> claims, HttpContext context, HubRuntime hub, HttpConnectionDispatcherOptions? mapping)
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

        var transports = _options.TransportTypeDetector?.Invoke(context) ?? mapping?.Transports ?? HttpTransports.All;
        if (transports != HttpTransports.All)
        {
            claims[ServiceClaims.Transports] = Text((int)transports);
        }
    }

    private void AddExpiry(Dictionary<string, object> claims, HttpContext context, bool closesOnExpiry)
    {
        if ((_options.CloseOnAuthenticationExpiration || closesOnExpiry)
            && context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } expires)
        {
            claims[ServiceClaims.CloseOnAuthenticationExpiration] = "true";
            claims[ServiceClaims.AuthenticationExpiresOn] = Text(expires.ToUnixTimeSeconds());
        }
    }

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
