namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>Damages bytes in the ways that networks, bugs and enemies do; the same way for the same seed.</summary>
internal sealed class Mutations(int seed)
{
    /// <summary>First bytes of values that announce much, nest, or do not exist, and the ends of ranges.</summary>
    private static readonly byte[] Telling =
        [0x00, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC3, 0xC4, 0xC6, 0xC9, 0xCF, 0xD3, 0xD9, 0xDA, 0xDB, 0xDD, 0xDF, 0xE0, 0xFF];

    private readonly Random _random = new(seed);

    public byte[] Next(byte[] bytes, byte[] other)
    {
        for (var left = 1 + _random.Next(3); left > 0; left--)
        {
            bytes = Once(bytes, other);
        }

        return bytes;
    }

    private byte[] Once(byte[] bytes, byte[] other)
    {
        var at = _random.Next(bytes.Length + 1);
        var end = at + _random.Next(Math.Min(bytes.Length - at, 8) + 1);
        return _random.Next(8) switch
        {
            0 => [.. bytes[..at], (byte)_random.Next(256), .. bytes[Math.Min(at + 1, bytes.Length)..]],
            1 => [.. bytes[..at], Telling[_random.Next(Telling.Length)], .. bytes[Math.Min(at + 1, bytes.Length)..]],
            2 => [.. bytes[..at], Telling[_random.Next(Telling.Length)], .. bytes[at..]],
            3 => [.. bytes[..at], .. bytes[end..]],
            4 => [.. bytes[..end], .. bytes[at..]],
            5 => bytes[..at],
            6 => [.. bytes[..at], .. other[_random.Next(other.Length + 1)..]],
            _ => FlipBit(bytes),
        };
    }

    private byte[] FlipBit(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        byte[] copy = [.. bytes];
        copy[_random.Next(copy.Length)] ^= (byte)(1 << _random.Next(8));
        return copy;
    }
}
