using System.Text;
using System.Text.Json;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>Progress of a call: <c>{"I":"P|ID","P":{"I":"ID","D":…}}</c>, a message by itself.</summary>
internal static class ClassicProgress
{
    private static ReadOnlySpan<byte> Start => "{\"I\":\"P|"u8;

    /// <summary>Reads the id of the call whose progress a message is. False when it is something else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> items, out string callId)
    {
        callId = string.Empty;
        if (!items.StartsWith(Start))
        {
            return false;
        }

        var rest = items[Start.Length..];
        var end = rest.IndexOf((byte)'"');
        if (end <= 0 || rest[..end].Contains((byte)'\\'))
        {
            return false;
        }

        callId = Encoding.UTF8.GetString(rest[..end]);
        return true;
    }

    /// <summary>The frame with another id for the call. A text of the application cannot look like one: its quotation marks are escaped.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> frame, string callId, string original)
    {
        var text = Encoding.UTF8.GetString(frame);
        var escaped = JsonSerializer.Serialize(original)[1..^1];
        return Encoding.UTF8.GetBytes(text
            .Replace($"\"I\":\"P|{callId}\"", $"\"I\":\"P|{escaped}\"", StringComparison.Ordinal)
            .Replace($"\"I\":\"{callId}\"", $"\"I\":\"{escaped}\"", StringComparison.Ordinal));
    }
}
