using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// Makes frames of what classic app servers send: the nested frame taken off, and the constant cursor replaced by this node's. Encoded once
/// per message, for all classic clients and transports.
/// </summary>
/// <remarks>A payload that is no such thing becomes an empty frame, which no transport sends: one bad message must not end a client.</remarks>
internal sealed class ClassicFrameEncoder(ClassicCursors cursors)
    : FrameEncoder(HubProtocolName, ProtocolFamily.Classic, ClassicDialect.Instance)
{
    /// <summary>Name of the payloads in service messages.</summary>
    public const string HubProtocolName = "json";

    // What app servers write, byte for byte.
    private static ReadOnlySpan<byte> UsualStart => "{\"C\":\"0\",\"M\":["u8;

    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) =>
        NestedPayload.TryRead(payload, out var json) ? Frame(json) : ReadOnlyMemory<byte>.Empty;

    private ReadOnlyMemory<byte> Frame(ReadOnlyMemory<byte> json)
    {
        var text = json.Span;
        if (text.StartsWith(UsualStart) && text.EndsWith("]}"u8))
        {
            return OneLine(ClassicFrame.Create(cursors, text[UsualStart.Length..^2]));
        }

        return Parse(text, out var items) switch
        {
            PayloadKind.Messages => OneLine(ClassicFrame.Create(cursors, text[items])),
            PayloadKind.Result => OneLine(text.ToArray()),
            _ => ReadOnlyMemory<byte>.Empty,
        };
    }

    /// <summary>An event stream ends an event at a line end. In JSON one can only stand between two tokens.</summary>
    private static byte[] OneLine(byte[] frame)
    {
        var rest = frame.AsSpan();
        while (rest.IndexOfAny((byte)'\n', (byte)'\r') is var at and >= 0)
        {
            rest[at] = (byte)' ';
            rest = rest[at..];
        }

        return frame;
    }

    private static PayloadKind Parse(ReadOnlySpan<byte> json, out Range items)
    {
        items = default;
        var kind = PayloadKind.Unknown;
        // However deeply it is nested: app servers are not to be kept from that, and their messages have a limit.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Math.Max(CallId.MaxDepth, json.Length) });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return PayloadKind.Unknown;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMessages = reader.ValueTextEquals("M"u8);
                var isId = reader.ValueTextEquals("I"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                isMessages &= reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                if (isMessages)
                {
                    items = (start + 1)..((int)reader.BytesConsumed - 1);
                    kind = PayloadKind.Messages;
                }
                else if (isId && kind == PayloadKind.Unknown)
                {
                    kind = PayloadKind.Result;
                }
            }

            while (reader.Read())
            {
                // Only white space may follow; anything else throws.
            }

            return kind;
        }
        catch (JsonException)
        {
            return PayloadKind.Unknown;
        }
    }

    private enum PayloadKind
    {
        Unknown,
        Messages,
        Result,
    }
}
