using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Tandem.Routing.Dialects;

/// <summary>
/// Reads texts in JSON. Half a surrogate pair and bytes that are no UTF-8 become U+FFFD: applications do send them, and one bad character must
/// not cost a client its connection.
/// </summary>
public static class JsonText
{
    /// <summary>The text between two quotation marks.</summary>
    /// <param name="json">What stands between them, as a JSON reader that has checked it gives it.</param>
    public static string Read(ReadOnlySpan<byte> json) => Encoding.UTF8.GetString(Unescape(json));

    /// <summary>The text between two quotation marks as valid UTF-8; the input itself when nothing in it needs a change.</summary>
    /// <param name="json">What stands between them, as a JSON reader that has checked it gives it.</param>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> json)
    {
        var escape = json.IndexOf((byte)'\\');
        if (escape < 0)
        {
            return Valid(json);
        }

        // No escape is shorter than what it stands for.
        var output = new byte[json.Length];
        var written = 0;
        do
        {
            json[..escape].CopyTo(output.AsSpan(written));
            written += escape;
            json = json[escape..];
            written += ReadEscape(ref json, output.AsSpan(written));
            escape = json.IndexOf((byte)'\\');
        }
        while (escape >= 0);

        json.CopyTo(output.AsSpan(written));
        return Valid(output.AsSpan(0, written + json.Length));
    }

    private static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));

    private static int ReadEscape(ref ReadOnlySpan<byte> json, Span<byte> output)
    {
        var kind = json[1];
        if (kind != 'u')
        {
            output[0] = kind switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => kind,
            };
            json = json[2..];
            return 1;
        }

        var first = ReadUnit(json);
        json = json[6..];
        if (Rune.TryCreate(first, out var rune))
        {
            return rune.EncodeToUtf8(output);
        }

        if (json.StartsWith("\\u"u8) && Rune.TryCreate(first, ReadUnit(json), out rune))
        {
            json = json[6..];
            return rune.EncodeToUtf8(output);
        }

        return Rune.ReplacementChar.EncodeToUtf8(output);
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
