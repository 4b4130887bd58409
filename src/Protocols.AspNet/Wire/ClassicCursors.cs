using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// Makes the cursors of this node: its tag and a number that counts all messages. Always the same length, so that the messages of a frame
/// begin at a place that is known. Clients give back the last one they saw and never look into it.
/// </summary>
internal sealed class ClassicCursors
{
    /// <summary>Length in characters, all of them ASCII and free of anything JSON or a URL would escape.</summary>
    public const int Length = TagLength + Digits;

    private const int TagLength = 4;
    private const int Digits = 16;

    private static readonly SearchValues<char> DigitValues = SearchValues.Create("0123456789ABCDEF");

    private readonly string _tag;
    private readonly byte[] _tagBytes;
    private long _last;

    public ClassicCursors(string nodeTag)
    {
        if (nodeTag.Length != TagLength || !Ascii.IsValid(nodeTag))
        {
            throw new ArgumentException($"A node tag has {TagLength} ASCII characters.", nameof(nodeTag));
        }

        _tag = nodeTag;
        _tagBytes = Encoding.ASCII.GetBytes(nodeTag);
    }

    /// <summary>Writes the next cursor to the front of the span.</summary>
    public void WriteNext(Span<byte> output)
    {
        _tagBytes.CopyTo(output);
        Interlocked.Increment(ref _last).TryFormat(output[TagLength..], out _, "X16", CultureInfo.InvariantCulture);
    }

    /// <summary>The next cursor.</summary>
    public byte[] Next()
    {
        var cursor = new byte[Length];
        WriteNext(cursor);
        return cursor;
    }

    /// <summary>Whether the text is a cursor this process may have made. Those of other nodes, of a former process and garbage are not.</summary>
    public bool IsOwn(string? text) =>
        text is { Length: Length }
        && text.StartsWith(_tag, StringComparison.Ordinal)
        && !text.AsSpan(TagLength).ContainsAnyExcept(DigitValues);
}
