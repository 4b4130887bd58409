using System.Buffers.Binary;

namespace Tandem.Load.Clients;

/// <summary>
/// WebSocket framing of a client. Frames out are made once and sent many times, so they are masked once too, with a
/// mask that is no secret: fine on loopback and nowhere else.
/// </summary>
internal static class WebSocketFrames
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const int MaskLength = 4;

    private static ReadOnlySpan<byte> Mask => [0x5a, 0xc3, 0x96, 0x1f];

    public static byte[] Frame(ReadOnlySpan<byte> payload, bool isText)
    {
        var opcode = (byte)(Final | (byte)(isText ? WebSocketOpcode.Text : WebSocketOpcode.Binary));
        byte[] header;
        switch (payload.Length)
        {
            case < 126:
                header = [opcode, (byte)(Masked | payload.Length)];
                break;
            case <= ushort.MaxValue:
                header = [opcode, Masked | 126, 0, 0];
                BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                header = [opcode, Masked | 127, 0, 0, 0, 0, 0, 0, 0, 0];
                BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), payload.Length);
                break;
        }

        byte[] frame = [.. header, .. Mask, .. payload];
        var body = frame.AsSpan(header.Length + MaskLength);
        for (var i = 0; i < body.Length; i++)
        {
            body[i] ^= Mask[i % MaskLength];
        }

        return frame;
    }

    /// <summary>Finds the frame that starts at <paramref name="start"/>; false when it is not there as a whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> buffer, int start, out WebSocketFrame frame)
    {
        frame = default;
        var input = buffer[start..];
        if (input.Length < 2)
        {
            return false;
        }

        var headerLength = (input[1] & 0x7f) switch { 126 => 4, 127 => 10, _ => 2 };
        if (input.Length < headerLength)
        {
            return false;
        }

        var length = headerLength switch
        {
            2 => input[1] & 0x7f,
            4 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            _ => checked((int)BinaryPrimitives.ReadInt64BigEndian(input[2..])),
        };
        frame = new WebSocketFrame((WebSocketOpcode)(input[0] & 0x0f), (input[0] & Final) != 0, start + headerLength, length);
        return frame.End <= buffer.Length;
    }
}
