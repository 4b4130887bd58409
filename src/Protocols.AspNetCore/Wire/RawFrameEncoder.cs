using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The payload is the frame.</summary>
internal sealed class RawFrameEncoder(string hubProtocol) : FrameEncoder(hubProtocol)
{
    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
}
