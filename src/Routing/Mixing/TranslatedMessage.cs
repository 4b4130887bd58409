using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Mixing;

/// <summary>
/// A message to many, for those of them who are of the other family: read once, written once per dialect and room, framed once per encoder.
/// Used by one thread, as <see cref="OutboundMessage"/>.
/// </summary>
internal sealed class TranslatedMessage
{
    private readonly List<HubMessage> _messages = [];
    private readonly List<(HubDialect Dialect, HubState Room, byte[][] Payloads)> _payloads = [];
    private readonly List<(FrameEncoder Encoder, HubState Room, Frame[] Frames)> _frames = [];

    private string? _error;

    /// <summary>Reads the message. One that cannot be read has no frames for anybody; see <see cref="TakeError"/>.</summary>
    public TranslatedMessage(in ServicePayloads payloads, ProtocolFamily family, DialectTable dialects)
    {
        try
        {
            var (dialect, bytes) = Best(payloads, family, dialects);
            dialect.ReadFromServer(ref bytes, _messages);
            _error = bytes.IsEmpty ? null : "It ends in the middle of a message.";
        }
        catch (ProtocolViolationException exception)
        {
            _messages.Clear();
            _error = exception.Message;
        }
    }

    /// <summary>The method it calls; empty when it cannot be read.</summary>
    public string Target => _messages.Count > 0 ? _messages[0].Target : string.Empty;

    /// <summary>Why recipients got nothing, or not all; null when there is nothing to say, or it has been said.</summary>
    public string? TakeError()
    {
        var error = _error;
        _error = null;
        return error;
    }

    /// <summary>What a recipient gets: the calls of its hub, usually one.</summary>
    /// <param name="encoder">The recipient's.</param>
    /// <param name="room">The hub the message is for, or that the recipient is in where a message may be for several.</param>
    public Frame[] FramesFor(FrameEncoder encoder, HubState room)
    {
        foreach (var known in _frames)
        {
            if (ReferenceEquals(known.Encoder, encoder) && ReferenceEquals(known.Room, room))
            {
                return known.Frames;
            }
        }

        var frames = encoder.Dialect is { } dialect
            ? Array.ConvertAll(PayloadsFor(dialect, room), payload => new Frame(encoder.Encode(payload)))
            : [];
        _frames.Add((encoder, room, frames));
        return frames;
    }

    private static (HubDialect Dialect, ReadOnlyMemory<byte> Bytes) Best(in ServicePayloads payloads, ProtocolFamily family, DialectTable dialects)
    {
        // JSON first: between two kinds of JSON nothing is converted.
        if (dialects.Find(family, "json") is { } json && payloads.TryGet("json", out var text))
        {
            return (json, text);
        }

        foreach (var item in payloads.Items)
        {
            if (dialects.Find(family, item.Protocol) is { } dialect)
            {
                return (dialect, item.Bytes);
            }
        }

        throw new ProtocolViolationException("It came in no hub protocol that can be translated: register json or messagepack at the app server.");
    }

    private byte[][] PayloadsFor(HubDialect dialect, HubState room)
    {
        foreach (var known in _payloads)
        {
            if (ReferenceEquals(known.Dialect, dialect) && ReferenceEquals(known.Room, room))
            {
                return known.Payloads;
            }
        }

        var payloads = Write(dialect, room);
        _payloads.Add((dialect, room, payloads));
        return payloads;
    }

    private byte[][] Write(HubDialect dialect, HubState room)
    {
        try
        {
            return
            [
                .. _messages
                    .Where(message => message.Kind == HubMessageKind.Invocation && (message.Hub?.Equals(room.Name, StringComparison.OrdinalIgnoreCase) ?? true))
                    .Select(message => dialect.WriteToClient(message with { Hub = room.Name, InvocationId = null })),
            ];
        }
        catch (ProtocolViolationException exception)
        {
            _error = exception.Message;
            return [];
        }
    }
}
