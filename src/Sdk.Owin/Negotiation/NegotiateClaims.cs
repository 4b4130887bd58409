using System.Globalization;
using System.Security.Claims;
using System.Security.Principal;
using Microsoft.AspNet.SignalR;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Collects what a client's access token says: the application's claims, and instructions to the gateway.</summary>
internal sealed class NegotiateClaims
{
    private const string VersionClaim = ServiceClaims.SystemPrefix + "vn";
    private const string DefaultAuthenticationType = "Bearer";

    private readonly ClassicRuntime _runtime;

    public NegotiateClaims(ClassicRuntime runtime)
    {
        _runtime = runtime;
    }

    public Dictionary<string, object> Collect(IRequest request, ClassicEndpoint endpoint, string allowedHubs)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [ServiceClaims.ApplicationName] = _runtime.Options.ApplicationName,
            [VersionClaim] = UserAgent.Version,
        };
        foreach (var claim in _runtime.Options.ClaimsProvider?.Invoke(request) ?? ClaimsOf(request.User))
        {
            TokenClaims.AddUserClaim(claims, claim.Type, claim.Value);
        }

        AddUser(claims, request);
        AddInstructions(claims, request, endpoint);
        claims[ServiceClaims.AllowedHubs] = allowedHubs;
        return claims;
    }

    private static IEnumerable<Claim> ClaimsOf(IPrincipal? user) => user switch
    {
        ClaimsPrincipal principal => principal.Claims,
        { Identity: { IsAuthenticated: true, Name: { } name } } => [new Claim(ClaimTypes.Name, name)],
        _ => [],
    };

    private void AddUser(Dictionary<string, object> claims, IRequest request)
    {
        if (_runtime.Resolver.Resolve<IUserIdProvider>().GetUserId(request) is { Length: > 0 } userId)
        {
            claims[ServiceClaims.UserId] = userId;
        }

        if (request.User?.Identity is { AuthenticationType: { Length: > 0 } type } && type != DefaultAuthenticationType)
        {
            claims[ServiceClaims.AuthenticationType] = type;
        }

        if (request.User?.Identity is not ClaimsIdentity identity)
        {
            return;
        }

        if (identity.NameClaimType != ClaimsIdentity.DefaultNameClaimType)
        {
            claims[ServiceClaims.NameType] = identity.NameClaimType;
        }

        if (identity.RoleClaimType != ClaimsIdentity.DefaultRoleClaimType)
        {
            claims[ServiceClaims.RoleType] = identity.RoleClaimType;
        }
    }

    private void AddInstructions(Dictionary<string, object> claims, IRequest request, ClassicEndpoint endpoint)
    {
        var options = _runtime.Options;
        if (_runtime.MustBeNamed(endpoint))
        {
            claims[ServiceClaims.Endpoint] = endpoint.Name;
        }

        if (options.ServerStickyMode != ServerStickyMode.Disabled)
        {
            claims[ServiceClaims.ServerName] = _runtime.Settings.ServerId;
            claims[ServiceClaims.ServerSticky] = options.ServerStickyMode.ToString();
        }

        if (endpoint.HasDetailedErrors)
        {
            claims[ServiceClaims.DetailedErrors] = "True";
        }

        if (_runtime.Gateways.Count > 1)
        {
            claims[ServiceClaims.EndpointCount] = Text(_runtime.Gateways.Count);
        }

        if (options.MaxPollIntervalInSeconds is { } poll)
        {
            claims[ServiceClaims.LongPollSeconds] = Text(poll);
        }

        if (options.DiagnosticClientFilter?.Invoke(request) == true)
        {
            claims[ServiceClaims.Diagnostic] = "true";
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
