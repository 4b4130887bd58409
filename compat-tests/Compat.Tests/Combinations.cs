namespace Tandem.Compat.Tests;

/// <summary>Every transport with every hub protocol it can carry: server-sent events are text, and MessagePack is not.</summary>
public sealed class Combinations : TheoryData<string, string>
{
    public const string WebSockets = "webSockets";
    public const string ServerSentEvents = "serverSentEvents";
    public const string LongPolling = "longPolling";
    public const string Json = "json";
    public const string MessagePack = "messagepack";

    public Combinations()
    {
        foreach (var (transport, protocol) in All)
        {
            Add(transport, protocol);
        }
    }

    public static string[] Transports { get; } = [WebSockets, ServerSentEvents, LongPolling];

    public static (string Transport, string Protocol)[] All { get; } =
    [
        (WebSockets, Json), (WebSockets, MessagePack), (ServerSentEvents, Json), (LongPolling, Json), (LongPolling, MessagePack),
    ];
}
