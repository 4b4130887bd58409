namespace Tandem.Compat.Matrix.Stages;

/// <summary>How clients come to the gateway.</summary>
internal static class Ways
{
    /// <summary>They negotiate at the app server, which sends them on.</summary>
    public const string Redirect = "redirect";

    /// <summary>Their URL is the gateway's, and they bring an access token.</summary>
    public const string Direct = "direct";

    public static string[] All { get; } = [Redirect, Direct];
}
