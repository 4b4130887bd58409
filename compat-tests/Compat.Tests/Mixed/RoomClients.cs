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

    /// <summary>What the driver of JavaScript clients loads: see <c>compat-tests/clients/README.md</c>.</summary>
    public static object LibraryOf(string client) => client switch
    {
        JQuery => new { adapter = "classic", client = "classic-2.4.3", jQuery = "jquery-3.7.1/dist/jquery.js" },
        NodeJson => new { adapter = "core", client = "core-10.0.11" },
        NodeMessagePack => new { adapter = "core", client = "core-10.0.11", messagePack = "core-messagepack-10.0.11" },
        _ => throw new ArgumentException($"{client} is no JavaScript library."),
    };

    /// <summary>Server-sent events are text, and MessagePack is not.</summary>
    private static IEnumerable<string> TransportsOf(string client) =>
        Combinations.Transports.Where(transport => (client, transport) != (NodeMessagePack, Combinations.ServerSentEvents));
}
