using System.Buffers;
using System.Text;
using Tandem.Protocols.Service;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Tests.Support;

/// <summary>Texts as payloads and frames, and back.</summary>
internal static class Text
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Frame Frame(string text) => new(Bytes(text));

    public static ReadOnlySequence<byte> Sequence(string text) => new(Bytes(text));

    public static string Of(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static string Of(Frame frame) => Of(frame.Bytes);

    /// <summary>A message in one hub protocol.</summary>
    public static ServicePayloads Payloads(string text, string protocol = "json") => new(new ServicePayload(protocol, Bytes(text)));
}
