using Tandem.Routing;
using Tandem.Routing.Dialects;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The payload is the frame.</summary>
internal sealed class RawFrameEncoder(string hubProtocol, HubDialect? dialect = null) : FrameEncoder(hubProtocol, ProtocolFamily.Core, dialect)
{
    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
}
