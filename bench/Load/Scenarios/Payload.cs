using System.Globalization;

namespace Tandem.Load.Scenarios;

/// <summary>The argument of a message: filler that carries the number of its slot, found again without parsing.</summary>
internal static class Payload
{
    public const int MinBytes = 1 + Digits;

    // Far below both the 32 KiB a hub accepts and what fits into a socket's buffer in one piece.
    public const int MaxBytes = 16 * 1024;

    private const char Mark = '#';
    private const int Digits = 4;

    public static string Create(int bytes, int slot = 0) =>
        $"{Mark}{slot.ToString("x4", CultureInfo.InvariantCulture)}".PadRight(bytes, 'x');

    public static int Slot(ReadOnlySpan<byte> message)
    {
        var mark = message.IndexOf((byte)Mark);
        return int.Parse(message.Slice(mark + 1, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
