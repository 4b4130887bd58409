namespace Tandem.Protocols.Service;

/// <summary>
/// How classic app servers wrap what their clients get: every payload is itself a frame of the service protocol, a connection data message
/// with an empty id, and in it the JSON.
/// </summary>
public static class NestedPayload
{
    /// <summary>Takes the JSON out of a payload. False when the payload is something else.</summary>
    /// <param name="payload">Payload of a connection data or multicast message.</param>
    /// <param name="json">The UTF-8 JSON; a slice of the payload.</param>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> json)
    {
        json = default;
        var prefix = ReadPrefix(payload.Span, out var length);
        if (prefix == 0 || payload.Length - prefix != length)
        {
            return false;
        }

        var frame = payload.Slice(prefix);
        if (ServiceProtocolReader.TryReadConnectionData(frame.Span, out _, out var inner))
        {
            json = frame.Span.Overlaps(inner, out var offset) ? frame.Slice(offset, inner.Length) : default;
            return true;
        }

        try
        {
            if (ServiceProtocolReader.Read(frame) is ConnectionDataMessage message)
            {
                json = message.Payload;
                return true;
            }
        }
        catch (ProtocolViolationException)
        {
            // Not a frame: the answer below says so.
        }

        return false;
    }

    /// <summary>Wraps JSON as classic app servers do.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    public static byte[] Wrap(ReadOnlyMemory<byte> json) => ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(string.Empty, json));

    private static int ReadPrefix(ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        for (var i = 0; i < payload.Length && i < ServiceFraming.MaxPrefixBytes; i++)
        {
            if (i == ServiceFraming.MaxPrefixBytes - 1 && payload[i] > 0x07)
            {
                return 0;
            }

            length |= (payload[i] & 0x7F) << (7 * i);
            if ((payload[i] & 0x80) == 0)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
