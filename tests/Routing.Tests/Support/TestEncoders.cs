using System.Text;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Tests.Support;

/// <summary>The encoders of all tests. Few and static, because every encoder takes a slot of every message.</summary>
internal static class TestEncoders
{
    public static readonly FrameEncoder Json = new Raw("json");
    public static readonly FrameEncoder MessagePack = new Raw("messagepack");
    public static readonly FrameEncoder Classic = new Raw("json", ProtocolFamily.Classic);
    public static readonly WrappingEncoder Wrapped = new();

    private sealed class Raw(string hubProtocol, ProtocolFamily family = ProtocolFamily.Core) : FrameEncoder(hubProtocol, family)
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
    }

    /// <summary>Changes the payload, as server-sent events do.</summary>
    internal sealed class WrappingEncoder() : FrameEncoder("json")
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) =>
            Encoding.UTF8.GetBytes($"<{Encoding.UTF8.GetString(payload.Span)}>");
    }
}
