namespace Tandem.Compat.Tests.Mixed;

/// <summary>The client libraries that meet in a room, and what they come with.</summary>
internal static class RoomClients
{
    /// <summary>The jQuery client 2.4.3 in Chromium.</summary>
    public const string JQuery = "jquery";

    /// <summary>The classic .NET client 2.4.2.</summary>
    public const string ClassicDotNet = "classic-dotnet";

    /// <summary>The JavaScript client of ASP.NET Core in Node, with JSON.</summary>
    public const string NodeJson = "node-json";

    /// <summary>The same with MessagePack.</summary>
    public const string NodeMessagePack = "node-messagepack";

    /// <summary>The .NET client of ASP.NET Core, with JSON.</summary>
    public const string DotNet = "dotnet";

    public static (string Client, string Transport)[] All { get; } =
    [
        .. new[] { JQuery, ClassicDotNet, NodeJson, NodeMessagePack, DotNet }.SelectMany(client => TransportsOf(client).Select(transport => (client, transport))),
    ];

    public static bool IsClassic(string client) => client is JQuery or ClassicDotNet;

    /// <summary>Server-sent events are text, and MessagePack is not.</summary>
    private static IEnumerable<string> TransportsOf(string client) =>
        Combinations.Transports.Where(transport => (client, transport) != (NodeMessagePack, Combinations.ServerSentEvents));
}
