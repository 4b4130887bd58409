using System.Security.Claims;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>The user of a client connection, made from the claims that came back from the gateway.</summary>
internal static class ClientUser
{
    private const string DefaultAuthenticationType = "Bearer";

    public static ClaimsPrincipal Create(IReadOnlyList<KeyValuePair<string, string>> claims)
    {
        var userClaims = new List<Claim>(claims.Count);
        foreach (var claim in claims)
        {
            if (TokenClaims.ToUserClaimType(claim.Key) is { } type)
            {
                userClaims.Add(new Claim(type, claim.Value));
            }
        }

        return userClaims.Count == 0
            ? new ClaimsPrincipal(new ClaimsIdentity())
            : new ClaimsPrincipal(new ClaimsIdentity(
                userClaims,
                Find(claims, ServiceClaims.AuthenticationType) ?? DefaultAuthenticationType,
                Find(claims, ServiceClaims.NameType) ?? ClaimsIdentity.DefaultNameClaimType,
                Find(claims, ServiceClaims.RoleType) ?? ClaimsIdentity.DefaultRoleClaimType));
    }

    public static string? Find(IReadOnlyList<KeyValuePair<string, string>> claims, string type)
    {
        foreach (var claim in claims)
        {
            if (claim.Key == type)
            {
                return claim.Value;
            }
        }

        return null;
    }
}
