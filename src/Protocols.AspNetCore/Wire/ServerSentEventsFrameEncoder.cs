using Tandem.Routing;
using Tandem.Routing.Dialects;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>One event per payload: each of its lines behind <c>data: </c>, then an empty line.</summary>
internal sealed class ServerSentEventsFrameEncoder(string hubProtocol, HubDialect? dialect = null)
    : FrameEncoder(hubProtocol, ProtocolFamily.Core, dialect)
{
    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload)
    {
        var text = payload.Span;
        var lines = text.Count((byte)'\n') + 1;
        var frame = new byte[text.Length + (lines * ("data: "u8.Length + "\r\n"u8.Length)) + "\r\n"u8.Length];
        var output = frame.AsSpan();
        foreach (var range in text.Split((byte)'\n'))
        {
            // A line end of "\r\n" loses its "\r": the event stream ends the line itself.
            output = Append(output, "data: "u8);
            output = Append(output, text[range].TrimEnd((byte)'\r'));
            output = Append(output, "\r\n"u8);
        }

        output = Append(output, "\r\n"u8);
        return frame.AsMemory(0, frame.Length - output.Length);
    }

    private static Span<byte> Append(Span<byte> output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output);
        return output[bytes.Length..];
    }
}
