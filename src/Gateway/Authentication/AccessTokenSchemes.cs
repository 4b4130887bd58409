namespace Tandem.Gateway.Authentication;

/// <summary>Names of the two authentication schemes, and of the policy of server connections.</summary>
internal static class AccessTokenSchemes
{
    /// <summary>Access tokens of clients.</summary>
    public const string Client = "Tandem.Client";

    /// <summary>Access tokens of app servers.</summary>
    public const string Server = "Tandem.Server";

    /// <summary>The authorization policy of server connections.</summary>
    public const string ServerPolicy = "Tandem.Server";
}
