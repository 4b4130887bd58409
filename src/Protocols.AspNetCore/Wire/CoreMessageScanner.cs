using System.Buffers;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>
/// Finds the whole messages at the front of what a client sent, and which of them are pings. Looks at boundaries only; what is inside a
/// message is between the client and its app server.
/// </summary>
internal static class CoreMessageScanner
{
    // A ping is {"type":6} with, at most, some white space; a longer message is none.
    private const int LongestPing = 64;

    /// <summary>Takes the next message off <paramref name="input"/>.</summary>
    /// <param name="framing">How messages are separated.</param>
    /// <param name="input">What was received; moved behind the message.</param>
    /// <param name="maxBytes">Largest message.</param>
    /// <param name="message">The message with its framing.</param>
    /// <param name="isPing">Whether it is a ping.</param>
    /// <param name="examined">
    /// Bytes at the front of the input that an earlier call has found no whole message in. Without it a large message that comes in small
    /// pieces would be searched from its beginning for each of them.
    /// </param>
    public static MessageScanResult TryRead(
        HubProtocolFraming framing, ref ReadOnlyMemory<byte> input, int maxBytes, out ReadOnlyMemory<byte> message, out bool isPing, int examined = 0)
    {
        message = default;
        isPing = false;
        if (input.IsEmpty)
        {
            return MessageScanResult.NeedMoreData;
        }

        int length;
        switch (framing)
        {
            case HubProtocolFraming.RecordSeparator:
                var end = input.Span[examined..].IndexOf(CoreMessages.RecordSeparator);
                if (end < 0)
                {
                    return input.Length > maxBytes ? MessageScanResult.TooLarge : MessageScanResult.NeedMoreData;
                }

                end += examined;
                if (end > maxBytes)
                {
                    return MessageScanResult.TooLarge;
                }

                length = end + 1;
                isPing = end <= LongestPing && IsJsonPing(input.Span[..end]);
                break;
            case HubProtocolFraming.LengthPrefix:
                if (!ServiceFraming.TryReadPrefix(new ReadOnlySequence<byte>(input), out var prefix, out var body))
                {
                    return MessageScanResult.NeedMoreData;
                }

                if (body > maxBytes)
                {
                    return MessageScanResult.TooLarge;
                }

                length = prefix + body;
                if (input.Length < length)
                {
                    return MessageScanResult.NeedMoreData;
                }

                isPing = body == 2 && input.Span[prefix] == 0x91 && input.Span[prefix + 1] == 0x06;
                break;
            default:
                length = input.Length;
                break;
        }

        message = input[..length];
        input = input[length..];
        return MessageScanResult.Message;
    }

    private static bool IsJsonPing(ReadOnlySpan<byte> message)
    {
        if (message.SequenceEqual("{\"type\":6}"u8))
        {
            return true;
        }

        // Only messages of a ping's size come here, and hub messages that small are rare.
        try
        {
            var reader = new Utf8JsonReader(message);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var type) && type == 6
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject;
        }
        catch (JsonException)
        {
            // Not JSON: for the app server to complain about.
            return false;
        }
    }
}
