using System.Buffers;
using MessagePack;

namespace Tandem.Protocols.Service;

/// <summary>Reads of the shapes the service protocol is made of.</summary>
internal static class MessagePackReaderExtensions
{
    /// <summary>
    /// Skips one value of any kind. Counts instead of recursing: depth is the sender's choice, the stack is ours. And the
    /// library's own skipping takes an array or map of 2^31 values or more for an empty one; reading the header refuses it.
    /// </summary>
    public static void SkipValue(this ref MessagePackReader reader)
    {
        for (long left = 1; left > 0; left--)
        {
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Array:
                    left += reader.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    left += 2L * reader.ReadMapHeader();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>Reads a text that must be there.</summary>
    public static string ReadText(this ref MessagePackReader reader) =>
        reader.ReadString() ?? throw new ProtocolViolationException("A text is missing.");

    /// <summary>Reads a name of a hub protocol; the usual ones cost no allocation.</summary>
    public static string ReadProtocolName(this ref MessagePackReader reader)
    {
        if (!reader.TryReadStringSpan(out var name))
        {
            return reader.ReadText();
        }

        if (name.SequenceEqual("json"u8))
        {
            return "json";
        }

        return name.SequenceEqual("messagepack"u8) ? "messagepack" : ReadUtf8(name);
    }

    /// <summary>Reads a list of names. Nil for the list is an empty one; nil in it is left out.</summary>
    public static string[] ReadTexts(this ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return [];
        }

        var count = reader.ReadArrayHeader();
        if (count == 0)
        {
            return [];
        }

        var texts = new string[count];
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            // SDKs pass on what the application put into a list of recipients. A null there names nobody; it must not
            // cost the app server its connection and all clients on it.
            if (reader.ReadString() is { } text)
            {
                texts[used++] = text;
            }
        }

        Array.Resize(ref texts, used);
        return texts;
    }

    /// <summary>Reads binary as a slice of the memory the reader was made of.</summary>
    public static ReadOnlyMemory<byte> ReadBinary(this ref MessagePackReader reader)
    {
        var bytes = reader.ReadBytes() ?? throw new ProtocolViolationException("A payload is missing.");
        return bytes.IsSingleSegment ? bytes.First : bytes.ToArray();
    }

    public static ServicePayloads ReadPayloads(this ref MessagePackReader reader)
    {
        var count = reader.ReadMapHeader();
        var items = new ServicePayload[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = new ServicePayload(reader.ReadProtocolName(), reader.ReadBinary());
        }

        return new ServicePayloads(items);
    }

    public static IReadOnlyList<KeyValuePair<string, string>> ReadClaims(this ref MessagePackReader reader)
    {
        var count = reader.ReadMapHeader();
        var claims = count == 0 ? [] : new KeyValuePair<string, string>[count];
        for (var i = 0; i < count; i++)
        {
            claims[i] = new(reader.ReadText(), reader.ReadText());
        }

        return claims;
    }

    public static IReadOnlyList<KeyValuePair<string, string[]>> ReadHeaders(this ref MessagePackReader reader)
    {
        var count = reader.ReadMapHeader();
        var headers = count == 0 ? [] : new KeyValuePair<string, string[]>[count];
        for (var i = 0; i < count; i++)
        {
            headers[i] = new(reader.ReadText(), reader.ReadTexts());
        }

        return headers;
    }

    private static string ReadUtf8(ReadOnlySpan<byte> bytes)
    {
#if NETSTANDARD2_0
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
#else
        return System.Text.Encoding.UTF8.GetString(bytes);
#endif
    }
}
