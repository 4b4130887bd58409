using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MessagePack;
using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>
/// Writes MessagePack as JSON. Integers keep all digits; floats become the shortest text that reads back as the same float, those that are no
/// numbers the texts <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>; binary becomes base64, a timestamp ISO 8601 in UTC, a key its text.
/// </summary>
internal static class MessagePackToJson
{
    private const int MaxDepth = JsonToMessagePack.MaxDepth;
    private const sbyte Timestamp = -1;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// Reads one value. Never recurses: what is left in open containers is counted in a bounded list. Bytes that are no MessagePack throw what the
    /// reader throws, which is for the caller to turn into a violation.
    /// </summary>
    /// <exception cref="ProtocolViolationException">It is nested too deeply, or JSON has nothing like it.</exception>
    public static byte[] Read(ref MessagePackReader reader)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            Copy(ref reader, json);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Copy(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        Span<int> left = stackalloc int[MaxDepth];
        Span<bool> isMap = stackalloc bool[MaxDepth];
        var depth = 0;
        do
        {
            if (depth > 0)
            {
                if (left[depth - 1]-- == 0)
                {
                    End(json, isMap[--depth]);
                    continue;
                }

                if (isMap[depth - 1])
                {
                    WriteName(ref reader, json);
                }
            }

            var type = reader.NextMessagePackType;
            if (type is not (MessagePackType.Array or MessagePackType.Map))
            {
                WriteScalar(ref reader, json, type);
                continue;
            }

            if (depth == MaxDepth)
            {
                throw new ProtocolViolationException("A value is nested too deeply.");
            }

            isMap[depth] = type == MessagePackType.Map;
            left[depth] = isMap[depth] ? reader.ReadMapHeader() : reader.ReadArrayHeader();
            Start(json, isMap[depth++]);
        }
        while (depth > 0);
    }

    private static void Start(Utf8JsonWriter json, bool isMap)
    {
        if (isMap)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartArray();
        }
    }

    private static void End(Utf8JsonWriter json, bool isMap)
    {
        if (isMap)
        {
            json.WriteEndObject();
        }
        else
        {
            json.WriteEndArray();
        }
    }

    private static void WriteScalar(ref MessagePackReader reader, Utf8JsonWriter json, MessagePackType type)
    {
        switch (type)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                json.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                json.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float when reader.NextCode == MessagePackCode.Float32:
                WriteFloat(json, reader.ReadSingle());
                break;
            case MessagePackType.Float:
                WriteFloat(json, reader.ReadDouble());
                break;
            case MessagePackType.String:
                json.WriteStringValue(ReadText(ref reader));
                break;
            case MessagePackType.Binary:
                json.WriteBase64StringValue(ReadBinary(ref reader));
                break;
            case MessagePackType.Extension:
                json.WriteStringValue(ReadTimestamp(ref reader));
                break;
            default:
                throw new ProtocolViolationException("A value is not MessagePack.");
        }
    }

    private static void WriteFloat(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteFloat(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteName(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.String:
                json.WritePropertyName(ReadText(ref reader));
                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                json.WritePropertyName(reader.ReadUInt64().ToString(CultureInfo.InvariantCulture));
                break;
            case MessagePackType.Integer:
                json.WritePropertyName(reader.ReadInt64().ToString(CultureInfo.InvariantCulture));
                break;
            case MessagePackType.Float when reader.NextCode == MessagePackCode.Float32:
                json.WritePropertyName(reader.ReadSingle().ToString(CultureInfo.InvariantCulture));
                break;
            case MessagePackType.Float:
                json.WritePropertyName(reader.ReadDouble().ToString(CultureInfo.InvariantCulture));
                break;
            case MessagePackType.Boolean:
                json.WritePropertyName(reader.ReadBoolean() ? "true"u8 : "false"u8);
                break;
            case MessagePackType.Nil:
                reader.ReadNil();
                json.WritePropertyName("null"u8);
                break;
            case MessagePackType.Binary:
                json.WritePropertyName(Convert.ToBase64String(ReadBinary(ref reader)));
                break;
            case MessagePackType.Extension:
                json.WritePropertyName(ReadTimestamp(ref reader).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
                break;
            default:
                throw new ProtocolViolationException("A key of a map is an array or a map.");
        }
    }

    // The reader was made of one piece of memory, so texts and binary are in one piece, too.
    private static ReadOnlySpan<byte> ReadText(ref MessagePackReader reader) =>
        reader.TryReadStringSpan(out var text) ? text : throw new ProtocolViolationException("A text is missing.");

    private static ReadOnlySpan<byte> ReadBinary(ref MessagePackReader reader) => reader.ReadBytes()!.Value.FirstSpan;

    private static DateTime ReadTimestamp(ref MessagePackReader reader)
    {
        var type = reader.CreatePeekReader().ReadExtensionFormatHeader().TypeCode;
        if (type != Timestamp)
        {
            throw new ProtocolViolationException($"Values of the extension type {type} have no JSON.");
        }

        try
        {
            return reader.ReadDateTime();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new ProtocolViolationException("A timestamp lies outside of the years 1 to 9999.", exception);
        }
    }
}
