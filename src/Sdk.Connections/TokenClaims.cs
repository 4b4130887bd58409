using System.Security.Claims;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>
/// Carries claims through an access token so that they come back as they were. A gateway gives claims back with long .NET
/// types: short names that it knows are translated. So long types travel short, and short ones under a prefix.
/// </summary>
internal static class TokenClaims
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        [ClaimTypes.NameIdentifier] = "nameid",
        [ClaimTypes.Name] = "unique_name",
        [ClaimTypes.Role] = "role",
        [ClaimTypes.Email] = "email",
        [ClaimTypes.Upn] = "upn",
        [ClaimTypes.GivenName] = "given_name",
        [ClaimTypes.Surname] = "family_name",
    };

    // Fields of the token itself: those of the application travel under the prefix, those of the token are dropped on return.
    private static readonly HashSet<string> TokenFields = new(StringComparer.Ordinal)
    {
        "aud", "exp", "iat", "nbf", "iss", "actort", "acr", "azp", "c_hash", "jti", "nonce",
    };

    // Every name that the JWT library's inbound map translates.
    private static readonly HashSet<string> TranslatedNames = new(
        ("actort birthdate email family_name gender given_name nameid sub website unique_name oid scp tid acr adfs1email adfs1upn amr "
        + "authmethod certapppolicy certauthoritykeyidentifier certbasicconstraints certeku certissuer certissuername certkeyusage "
        + "certnotafter certnotbefore certpolicy certpublickey certrawdata certserialnumber certsignaturealgorithm certsubject "
        + "certsubjectaltname certsubjectkeyidentifier certsubjectname certtemplateinformation certtemplatename certthumbprint "
        + "certx509version clientapplication clientip clientuseragent commonname denyonlyprimarygroupsid denyonlyprimarysid denyonlysid "
        + "devicedispname deviceid deviceismanaged deviceostype deviceosver deviceowner deviceregid endpointpath forwardedclientip group "
        + "groupsid idp insidecorporatenetwork isregistereduser ppid primarygroupsid primarysid proxy pwdchgurl pwdexpdays pwdexptime "
        + "relyingpartytrustid role roles upn winaccountname").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Adds a claim of the application.</summary>
    public static void AddUserClaim(Dictionary<string, object> claims, string type, string value)
    {
        if (!ShortNames.TryGetValue(type, out var name))
        {
            var collides = TokenFields.Contains(type) || TranslatedNames.Contains(type)
                || type.StartsWith(ServiceClaims.SystemPrefix, StringComparison.Ordinal)
                || type.StartsWith(ServiceClaims.UserPrefix, StringComparison.Ordinal);
            name = collides ? ServiceClaims.UserPrefix + type : type;
        }

        Add(claims, name, value);
    }

    /// <summary>Adds a claim under exactly this name. Several of one name become a list.</summary>
    public static void Add(Dictionary<string, object> claims, string name, string value)
    {
        if (!claims.TryGetValue(name, out var present))
        {
            claims.Add(name, value);
        }
        else if (present is List<string> list)
        {
            list.Add(value);
        }
        else
        {
            claims[name] = new List<string> { (string)present, value };
        }
    }

    /// <summary>
    /// The application's claim behind a claim that came back, or null if it belongs to the token or to the gateway.
    /// </summary>
    public static string? ToUserClaimType(string type)
    {
        if (type.StartsWith(ServiceClaims.UserPrefix, StringComparison.Ordinal))
        {
            return type.Substring(ServiceClaims.UserPrefix.Length);
        }

        return type.StartsWith(ServiceClaims.SystemPrefix, StringComparison.Ordinal) || TokenFields.Contains(type) ? null : type;
    }
}
