using System.Globalization;
using System.Text.Json;
using MessagePack;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>
/// Writes JSON as MessagePack. Numbers without fraction and exponent become integers if 64 bits hold them; all others become 64-bit floats: the
/// nearest one, infinity beyond their range, and -0 keeps its sign. Dates and binary are texts in JSON and stay texts.
/// </summary>
internal static class JsonToMessagePack
{
    /// <summary>Levels of nesting of a value, or of a record: more than any app server nests; the reader keeps one bit a level.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = MaxDepth };

    /// <summary>Writes one value.</summary>
    /// <exception cref="ProtocolViolationException">It is not one JSON value, or nested too deeply.</exception>
    public static void Write(ref MessagePackWriter writer, ReadOnlySpan<byte> json)
    {
        try
        {
            var sizes = MeasureContainers(json);
            var next = 0;
            var reader = new Utf8JsonReader(json, Reading);
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        writer.WriteMapHeader(sizes[next++] / 2);
                        break;
                    case JsonTokenType.StartArray:
                        writer.WriteArrayHeader(sizes[next++]);
                        break;
                    default:
                        WriteScalar(ref writer, ref reader);
                        break;
                }
            }
        }
        catch (JsonException exception)
        {
            throw new ProtocolViolationException("A value is not JSON, or nested too deeply.", exception);
        }
    }

    /// <summary>
    /// How many tokens each container holds, in the order they begin: MessagePack wants to know before the first of them. Names count as well, so
    /// that an object of n members counts 2n.
    /// </summary>
    private static List<int> MeasureContainers(ReadOnlySpan<byte> json)
    {
        var sizes = new List<int>();
        Span<int> open = stackalloc int[MaxDepth];
        var depth = 0;
        var reader = new Utf8JsonReader(json, Reading);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                continue;
            }

            if (depth > 0)
            {
                sizes[open[depth - 1]]++;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open[depth++] = sizes.Count;
                sizes.Add(0);
            }
        }

        return sizes;
    }

    private static void WriteScalar(ref MessagePackWriter writer, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName or JsonTokenType.String:
                writer.WriteString(JsonText.Unescape(reader.ValueSpan));
                break;
            case JsonTokenType.Number:
                WriteNumber(ref writer, ref reader);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                writer.Write(reader.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteNumber(ref MessagePackWriter writer, ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (text.ContainsAny(".eE"u8) || text.SequenceEqual("-0"u8))
        {
            writer.Write(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }
        else if (reader.TryGetInt64(out var number))
        {
            writer.Write(number);
        }
        else if (reader.TryGetUInt64(out var large))
        {
            writer.Write(large);
        }
        else
        {
            writer.Write(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }
}
