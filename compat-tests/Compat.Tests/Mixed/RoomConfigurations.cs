namespace Tandem.Compat.Tests.Mixed;

/// <summary>What serves the room. Each is also the name of the application at the gateway.</summary>
internal static class RoomConfigurations
{
    /// <summary>A classic app server on Mono.</summary>
    public const string OwinOnMono = "owinmono";

    /// <summary>A classic app server on .NET.</summary>
    public const string OwinOnNet = "owinnet";

    /// <summary>An app server of ASP.NET Core.</summary>
    public const string Core = "core";

    /// <summary>A classic app server on Mono and one of ASP.NET Core, each with the clients of its own generation.</summary>
    public const string Both = "both";

    public static string[] All { get; } = [OwinOnMono, OwinOnNet, Core, Both];
}
