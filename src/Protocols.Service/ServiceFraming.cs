using System.Buffers;

namespace Tandem.Protocols.Service;

/// <summary>What <see cref="ServiceFraming.TryRead"/> found at the front of its input.</summary>
public enum FrameReadResult
{
    /// <summary>The frame is not complete yet.</summary>
    NeedMoreData,

    /// <summary>A whole frame was taken off the input.</summary>
    Frame,

    /// <summary>The frame announces more bytes than allowed. Nothing was taken off the input.</summary>
    TooLarge,
}

/// <summary>
/// The framing of the service protocol and of the binary hub protocols: a length in base-128 little-endian groups (1 to 5
/// bytes, below 2 GiB), then that many bytes.
/// </summary>
public static class ServiceFraming
{
    /// <summary>The most bytes a length takes.</summary>
    public const int MaxPrefixBytes = 5;

    /// <summary>Takes one frame off the front of <paramref name="input"/>.</summary>
    /// <param name="input">Bytes received; moved behind the frame when there is one.</param>
    /// <param name="maxFrameBytes">Largest frame, length prefix not counted.</param>
    /// <param name="frame">The bytes after the prefix; slices the input.</param>
    /// <exception cref="ProtocolViolationException">The prefix is not a length.</exception>
    public static FrameReadResult TryRead(ref ReadOnlySequence<byte> input, int maxFrameBytes, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (!TryReadPrefix(input, out var prefixBytes, out var length))
        {
            return FrameReadResult.NeedMoreData;
        }

        if (length > maxFrameBytes)
        {
            return FrameReadResult.TooLarge;
        }

        if (input.Length - prefixBytes < length)
        {
            return FrameReadResult.NeedMoreData;
        }

        frame = input.Slice(prefixBytes, length);
        input = input.Slice(frame.End);
        return FrameReadResult.Frame;
    }

    /// <summary>Reads the length at the front of <paramref name="input"/> without taking it off; false when it is not complete.</summary>
    /// <exception cref="ProtocolViolationException">The prefix is not a length.</exception>
    public static bool TryReadPrefix(in ReadOnlySequence<byte> input, out int prefixBytes, out int length)
    {
        Span<byte> head = stackalloc byte[MaxPrefixBytes];
        var available = (int)Math.Min(input.Length, MaxPrefixBytes);
        input.Slice(0, available).CopyTo(head);

        var value = 0u;
        for (var i = 0; i < available; i++)
        {
            var group = head[i];
            // The fifth group holds bits 28 to 31; bit 31 set would be 2 GiB or more, a further group is never allowed.
            if (i == MaxPrefixBytes - 1 && group > 0x07)
            {
                throw new ProtocolViolationException("A frame announces 2 GiB or more.");
            }

            value |= (uint)(group & 0x7F) << (7 * i);
            if ((group & 0x80) == 0)
            {
                prefixBytes = i + 1;
                length = (int)value;
                return true;
            }
        }

        prefixBytes = 0;
        length = 0;
        return false;
    }

    /// <summary>Writes the length prefix for a frame of <paramref name="length"/> bytes and returns how many bytes it took.</summary>
    public static int WritePrefix(int length, Span<byte> output)
    {
        var value = (uint)length;
        var count = 0;
        do
        {
            var group = (byte)(value & 0x7F);
            value >>= 7;
            output[count++] = value == 0 ? group : (byte)(group | 0x80);
        }
        while (value != 0);
        return count;
    }

    /// <summary>How many bytes the prefix for a frame of <paramref name="length"/> bytes takes.</summary>
    public static int PrefixSize(int length) => length switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        < 1 << 28 => 4,
        _ => 5,
    };
}
