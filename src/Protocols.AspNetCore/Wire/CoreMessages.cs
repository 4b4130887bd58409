using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The few hub messages the gateway writes itself. Source: the hub protocol specification of ASP.NET Core.</summary>
internal static class CoreMessages
{
    /// <summary>Ends a JSON message.</summary>
    public const byte RecordSeparator = 0x1E;

    public static readonly ReadOnlyMemory<byte> JsonPing = "{\"type\":6}\u001e"u8.ToArray();

    // Length 2, array of 1, type 6.
    public static readonly ReadOnlyMemory<byte> MessagePackPing = new byte[] { 0x02, 0x91, 0x06 };

    /// <summary>The handshake response that refuses the client. Always JSON, whatever protocol the client asked for.</summary>
    public static byte[] HandshakeError(string error) => Json(writer => writer.WriteString("error", error));

    public static byte[] JsonClose(string? error, bool allowReconnect) => Json(writer =>
    {
        writer.WriteNumber("type", 7);
        if (error is not null)
        {
            writer.WriteString("error", error);
        }

        if (allowReconnect)
        {
            writer.WriteBoolean("allowReconnect", true);
        }
    });

    /// <summary><c>[7, error or nil, allowReconnect]</c> behind its length.</summary>
    public static byte[] MessagePackClose(string? error, bool allowReconnect)
    {
        var text = Encoding.UTF8.GetBytes(error ?? string.Empty);
        var body = new ArrayBufferWriter<byte>(text.Length + 8);
        body.Write<byte>([0x93, 0x07]);
        if (error is null)
        {
            body.Write<byte>([0xC0]);
        }
        else if (text.Length < 32)
        {
            body.Write<byte>([(byte)(0xA0 | text.Length)]);
            body.Write<byte>(text);
        }
        else
        {
            // str 16: close reasons are sentences, and longer ones are cut by whoever makes them.
            var header = body.GetSpan(3);
            header[0] = 0xDA;
            BinaryPrimitives.WriteUInt16BigEndian(header[1..], (ushort)Math.Min(text.Length, ushort.MaxValue));
            body.Advance(3);
            body.Write<byte>(text.AsSpan(0, Math.Min(text.Length, ushort.MaxValue)));
        }

        body.Write<byte>([allowReconnect ? (byte)0xC3 : (byte)0xC2]);
        var message = new byte[ServiceFraming.PrefixSize(body.WrittenCount) + body.WrittenCount];
        var prefix = ServiceFraming.WritePrefix(body.WrittenCount, message);
        body.WrittenSpan.CopyTo(message.AsSpan(prefix));
        return message;
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        buffer.Write<byte>([RecordSeparator]);
        return buffer.WrittenSpan.ToArray();
    }
}
