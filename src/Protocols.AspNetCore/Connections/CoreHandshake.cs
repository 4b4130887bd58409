using System.Text.Json;
using Tandem.Protocols.AspNetCore.Wire;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>The first message of a client: <c>{"protocol":"json","version":1}</c> and 0x1E, in every hub protocol.</summary>
/// <param name="Protocol">Name of the hub protocol.</param>
/// <param name="Record">The bytes as sent, separator included; a copy.</param>
internal sealed record CoreHandshake(string Protocol, ReadOnlyMemory<byte> Record)
{
    /// <summary>More cannot be a handshake: the names in it are short.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Takes the handshake off the front of <paramref name="input"/>.</summary>
    /// <param name="input">What the client has sent so far; moved behind the handshake.</param>
    /// <param name="handshake">The handshake, when it is there and makes sense.</param>
    /// <param name="error">What is wrong with it, for the client.</param>
    /// <returns>False when more bytes are needed.</returns>
    public static bool TryRead(ref ReadOnlyMemory<byte> input, out CoreHandshake? handshake, out string? error)
    {
        handshake = null;
        error = null;
        var end = input.Span[..Math.Min(input.Length, MaxBytes)].IndexOf(CoreMessages.RecordSeparator);
        if (end < 0)
        {
            if (input.Length < MaxBytes)
            {
                return false;
            }

            error = $"The handshake is longer than {MaxBytes} bytes.";
            return true;
        }

        error = Parse(input.Span[..end], out var protocol);
        if (error is null)
        {
            handshake = new CoreHandshake(protocol!, input[..(end + 1)].ToArray());
        }

        input = input[(end + 1)..];
        return true;
    }

    private static string? Parse(ReadOnlySpan<byte> json, out string? protocol)
    {
        protocol = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "The handshake is not a JSON object.";
            }

            var hasVersion = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("protocol"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                    {
                        return "The handshake's 'protocol' is not a text.";
                    }

                    protocol = reader.GetString();
                }
                else
                {
                    hasVersion |= reader.ValueTextEquals("version"u8);
                    reader.Read();
                    reader.Skip();
                }
            }

            return protocol is null ? "The handshake names no 'protocol'."
                : hasVersion ? null
                : "The handshake names no 'version'.";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "The handshake is not valid JSON.";
        }
    }
}
