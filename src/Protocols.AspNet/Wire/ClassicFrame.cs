namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// The frames that wait in a client's queue, and how to tell them apart. All transports share them: a WebSocket sends them as they are, an
/// event stream puts <c>data:</c> in front, a poll takes the messages out of several.
/// </summary>
/// <remarks>
/// A message frame is <c>{"C":"CURSOR","M":[ITEMS]}</c> with a cursor of fixed length. Anything else that is not a keep-alive is the result
/// of a call, <c>{"I":…}</c> with its members in any order.
/// </remarks>
internal static class ClassicFrame
{
    /// <summary>Where the items of a message frame begin.</summary>
    public static readonly int ItemsStart = BeforeCursor.Length + ClassicCursors.Length + AfterCursor.Length;

    /// <summary>What keeps a silent stream alive. A transport may have other words for it.</summary>
    public static readonly ReadOnlyMemory<byte> KeepAlive = "{}"u8.ToArray();

    private static ReadOnlySpan<byte> BeforeCursor => "{\"C\":\""u8;

    private static ReadOnlySpan<byte> AfterCursor => "\",\"M\":["u8;

    private static ReadOnlySpan<byte> AfterItems => "]}"u8;

    /// <summary>Makes a message frame from items that are JSON, separated by commas.</summary>
    public static byte[] Create(ClassicCursors cursors, ReadOnlySpan<byte> items)
    {
        var frame = new byte[ItemsStart + items.Length + AfterItems.Length];
        BeforeCursor.CopyTo(frame);
        cursors.WriteNext(frame.AsSpan(BeforeCursor.Length));
        AfterCursor.CopyTo(frame.AsSpan(BeforeCursor.Length + ClassicCursors.Length));
        items.CopyTo(frame.AsSpan(ItemsStart));
        AfterItems.CopyTo(frame.AsSpan(ItemsStart + items.Length));
        return frame;
    }

    /// <summary>Whether it is a message frame.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> frame) =>
        frame.Length >= ItemsStart + AfterItems.Length
        && frame.StartsWith(BeforeCursor)
        && frame[(BeforeCursor.Length + ClassicCursors.Length)..].StartsWith(AfterCursor);

    /// <summary>Whether it is an envelope of any kind, and not the result of a call.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> frame) => frame.StartsWith(BeforeCursor);

    public static bool IsKeepAlive(ReadOnlySpan<byte> frame) => frame.SequenceEqual(KeepAlive.Span);

    /// <summary>The cursor of a message frame.</summary>
    public static ReadOnlySpan<byte> Cursor(ReadOnlySpan<byte> frame) => frame.Slice(BeforeCursor.Length, ClassicCursors.Length);

    /// <summary>The items of a message frame; empty when there are none.</summary>
    public static ReadOnlySpan<byte> Items(ReadOnlySpan<byte> frame) => frame[ItemsStart..^AfterItems.Length];
}
