using System.Text.Json;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// Finds the id of a call, member <c>I</c>, in an invocation of a client or in the result of an app server. It is all the gateway needs to know
/// about either.
/// </summary>
/// <param name="Text">The id: a number (JavaScript) or a text (.NET); null when there is none.</param>
/// <param name="Place">Where it stands in the JSON, quotation marks included.</param>
internal readonly record struct CallId(string? Text, Range Place = default)
{
    /// <summary>
    /// Levels of nesting of calls; the reader keeps one bit a level. The hub's own limit is 20 levels below the arguments, and it answers what is
    /// deeper with an error of its own.
    /// </summary>
    public const int MaxDepth = 256;

    private const int MaxLength = 128;

    /// <summary>Reads it. False when the bytes are not one JSON object, or nested too deeply. Never recurses.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out CallId id) => TryRead(json, MaxDepth, out id);

    /// <summary>Reads that of a result, however deeply it is nested: app servers are not to be kept from that, and their messages have a limit.</summary>
    public static bool TryReadResult(ReadOnlySpan<byte> json, out CallId id) => TryRead(json, Math.Max(MaxDepth, json.Length), out id);

    private static bool TryRead(ReadOnlySpan<byte> json, int maxDepth, out CallId id)
    {
        id = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("I"u8) || reader.ValueTextEquals("i"u8);
                reader.Read();
                if (isId && !TryReadValue(ref reader, out id))
                {
                    return false;
                }

                reader.Skip();
            }

            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the reader says to half a surrogate pair.
            return false;
        }
    }

    /// <summary>The JSON with another id in place of this one.</summary>
    public byte[] Replace(ReadOnlySpan<byte> json, string id) =>
        [.. json[..Place.Start.Value], .. JsonSerializer.SerializeToUtf8Bytes(id), .. json[Place.End.Value..]];

    private static bool TryReadValue(ref Utf8JsonReader reader, out CallId id)
    {
        id = default;
        var place = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.ValueSpan.Length <= MaxLength:
                id = new CallId(System.Text.Encoding.ASCII.GetString(reader.ValueSpan), place);
                return true;
            case JsonTokenType.String when reader.ValueSpan.Length <= MaxLength:
                id = new CallId(reader.GetString(), place);
                return true;
            case JsonTokenType.Null:
                return true;
            default:
                return false;
        }
    }
}
