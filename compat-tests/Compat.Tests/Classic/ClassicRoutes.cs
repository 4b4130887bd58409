namespace Tandem.Compat.Tests.Classic;

/// <summary>How classic clients come to the gateway.</summary>
internal static class ClassicRoutes
{
    /// <summary>They negotiate at the application, which sends them on.</summary>
    public const string Redirect = "redirect";

    /// <summary>Their URL is the gateway's.</summary>
    public const string Direct = "direct";

    public static string[] All { get; } = [Redirect, Direct];
}
