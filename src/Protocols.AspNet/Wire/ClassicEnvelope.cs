using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// The JSON a stream sends around messages, with the members in the order of the original: <c>C</c> cursor, <c>S</c> initialised, <c>T</c>
/// please reconnect, <c>L</c> delay of the next poll, <c>E</c> error, <c>M</c> messages. <c>C</c> and <c>M</c> are always there: clients poll in a
/// hot loop without <c>C</c>, and do not look at <c>S</c> without <c>M</c>.
/// </summary>
internal static class ClassicEnvelope
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells a client that its stream is open: <c>{"C":…,"S":1,"M":[]}</c>.</summary>
    public static byte[] Initialized(ReadOnlySpan<byte> cursor, int longPollDelay = 0) => Write(cursor, initialized: true, false, longPollDelay, null, []);

    /// <summary>Nothing new.</summary>
    public static byte[] Empty(ReadOnlySpan<byte> cursor, int longPollDelay = 0) => Write(cursor, false, false, longPollDelay, null, []);

    /// <summary>Asks a client that polls to reconnect.</summary>
    public static byte[] Reconnect(ReadOnlySpan<byte> cursor) => Write(cursor, false, reconnect: true, 0, null, []);

    /// <summary>Tells a client of protocol 2.0 or later that the connection is over and why; it does not come back then.</summary>
    public static byte[] Error(ReadOnlySpan<byte> cursor, string text) => Write(cursor, false, false, 0, text, []);

    /// <summary>One envelope with the messages of several frames.</summary>
    public static byte[] Merge(ReadOnlySpan<ReadOnlyMemory<byte>> messageFrames, int longPollDelay = 0)
    {
        var items = new ArrayBufferWriter<byte>();
        foreach (var frame in messageFrames)
        {
            var more = ClassicFrame.Items(frame.Span);
            if (items.WrittenCount > 0 && !more.IsEmpty)
            {
                items.Write(","u8);
            }

            items.Write(more);
        }

        return Write(ClassicFrame.Cursor(messageFrames[^1].Span), false, false, longPollDelay, null, items.WrittenSpan);
    }

    private static byte[] Write(ReadOnlySpan<byte> cursor, bool initialized, bool reconnect, int longPollDelay, string? error, ReadOnlySpan<byte> items)
    {
        var output = new ArrayBufferWriter<byte>(cursor.Length + items.Length + 64);
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            json.WriteStartObject();
            json.WriteString("C"u8, cursor);
            if (initialized)
            {
                json.WriteNumber("S"u8, 1);
            }

            if (reconnect)
            {
                json.WriteNumber("T"u8, 1);
            }

            if (longPollDelay > 0)
            {
                json.WriteNumber("L"u8, longPollDelay);
            }

            if (error is not null)
            {
                json.WriteString("E"u8, error);
            }

            json.Flush();
        }

        // The messages are JSON already, of app servers that are trusted; checking them again would cost more than all the rest.
        output.Write(",\"M\":["u8);
        output.Write(items);
        output.Write("]}"u8);
        return output.WrittenSpan.ToArray();
    }
}
