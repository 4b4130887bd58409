using System.Globalization;
using System.Security.Claims;
using Tandem.Protocols.Service;

namespace Tandem.Transports;

/// <summary>What a client's access token says, read once. Claims with values that make no sense count as absent.</summary>
public sealed class ClientPrincipal
{
    /// <summary>Reads the claims of an authenticated client.</summary>
    public ClientPrincipal(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        Claims = [.. user.Claims.Select(claim => new KeyValuePair<string, string>(claim.Type, claim.Value))];
        UserId = Find(ServiceClaims.UserId) ?? Find(ClaimTypes.NameIdentifier) ?? Find("nameid") ?? Find("sub");
        StickyServerId = StickyMode is null ? null : Find(ServiceClaims.ServerName);
        AllowedTransports = Number(ServiceClaims.Transports, 1, 7) is { } mask ? (ClientTransports)mask : ClientTransports.All;
        LongPoll = Number(ServiceClaims.LongPollSeconds, 1, 300) is { } poll ? TimeSpan.FromSeconds(poll) : null;
        HandshakeTimeout = Number(ServiceClaims.HandshakeTimeoutSeconds, 1, 30) is { } handshake ? TimeSpan.FromSeconds(handshake) : null;
        DetailedErrors = IsTrue(ServiceClaims.DetailedErrors);
        IsDiagnostic = IsTrue(ServiceClaims.Diagnostic);
        ExpiresOn = IsTrue(ServiceClaims.CloseOnAuthenticationExpiration)
            && Number(ServiceClaims.AuthenticationExpiresOn, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()) is { } expires
                ? DateTimeOffset.FromUnixTimeSeconds(expires)
                : null;
    }

    /// <summary>All claims, types as long .NET URIs.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Claims { get; }

    /// <summary>The user; null for an anonymous client.</summary>
    public string? UserId { get; }

    /// <summary>Id of the app server the client wants; null when any will do.</summary>
    public string? StickyServerId { get; }

    /// <summary>Whether only that app server will do.</summary>
    public bool StickyRequired => string.Equals(StickyMode, "Required", StringComparison.OrdinalIgnoreCase);

    /// <summary>Transports the app allows; all by default.</summary>
    public ClientTransports AllowedTransports { get; }

    /// <summary>How long a poll is held open; null for the gateway's default.</summary>
    public TimeSpan? LongPoll { get; }

    /// <summary>How long the handshake may take; null for the gateway's default.</summary>
    public TimeSpan? HandshakeTimeout { get; }

    /// <summary>Whether the client may see the text of errors.</summary>
    public bool DetailedErrors { get; }

    /// <summary>Whether the client's messages are to be traced.</summary>
    public bool IsDiagnostic { get; }

    /// <summary>When the connection is closed because the user's authentication expires; null for never.</summary>
    public DateTimeOffset? ExpiresOn { get; }

    private string? StickyMode => Find(ServiceClaims.ServerSticky) is { } mode
        && (mode.Equals("Preferred", StringComparison.OrdinalIgnoreCase) || mode.Equals("Required", StringComparison.OrdinalIgnoreCase))
            ? mode
            : null;

    private string? Find(string type)
    {
        foreach (var claim in Claims)
        {
            if (claim.Key == type)
            {
                return claim.Value;
            }
        }

        return null;
    }

    private bool IsTrue(string type) => string.Equals(Find(type), "true", StringComparison.OrdinalIgnoreCase);

    private long? Number(string type, long min, long max) =>
        long.TryParse(Find(type), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;
}
