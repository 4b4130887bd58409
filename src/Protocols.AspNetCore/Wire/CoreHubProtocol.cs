using Tandem.Routing.Dialects;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>
/// What the gateway knows about one hub protocol: how to find the messages, how to frame them, and how to say ping and close. Of a
/// protocol it does not know it knows only the name: everything passes, pings included, and the app server keeps the client alive.
/// </summary>
internal sealed class CoreHubProtocol
{
    public CoreHubProtocol(string name)
    {
        Name = name;
        Framing = name switch
        {
            "json" => HubProtocolFraming.RecordSeparator,
            "messagepack" or "blazorpack" => HubProtocolFraming.LengthPrefix,
            _ => HubProtocolFraming.Opaque,
        };
        HubDialect? dialect = name switch
        {
            "json" => CoreJsonDialect.Instance,
            "messagepack" => CoreMessagePackDialect.Instance,
            _ => null,
        };
        Raw = new RawFrameEncoder(name, dialect);
        ServerSentEvents = IsText ? new ServerSentEventsFrameEncoder(name, dialect) : null;
        Ping = Framing switch
        {
            HubProtocolFraming.RecordSeparator => CoreMessages.JsonPing,
            HubProtocolFraming.LengthPrefix => CoreMessages.MessagePackPing,
            _ => ReadOnlyMemory<byte>.Empty,
        };
        ServerSentEventsPing = ServerSentEvents?.Encode(Ping) ?? default;
    }

    /// <summary>Name in the handshake.</summary>
    public string Name { get; }

    public HubProtocolFraming Framing { get; }

    /// <summary>Whether messages are text: WebSocket text messages, and server-sent events are possible.</summary>
    public bool IsText => Framing == HubProtocolFraming.RecordSeparator;

    /// <summary>Frames for WebSockets and long polling: the payload itself.</summary>
    public FrameEncoder Raw { get; }

    /// <summary>Frames for server-sent events; null when the protocol is binary.</summary>
    public FrameEncoder? ServerSentEvents { get; }

    /// <summary>The ping message; empty when the gateway cannot make one.</summary>
    public ReadOnlyMemory<byte> Ping { get; }

    /// <summary>The ping message as an event; empty when the protocol is binary.</summary>
    public ReadOnlyMemory<byte> ServerSentEventsPing { get; }

    /// <summary>No further connection will use it.</summary>
    public void Retire()
    {
        Raw.Retire();
        ServerSentEvents?.Retire();
    }

    /// <summary>The close message; null when the gateway cannot make one.</summary>
    public ReadOnlyMemory<byte>? Close(string? error, bool allowReconnect) => Framing switch
    {
        // With its type: null as an array would become memory that is empty, and not none.
        HubProtocolFraming.RecordSeparator => (ReadOnlyMemory<byte>?)CoreMessages.JsonClose(error, allowReconnect),
        HubProtocolFraming.LengthPrefix => CoreMessages.MessagePackClose(error, allowReconnect),
        _ => null,
    };
}
