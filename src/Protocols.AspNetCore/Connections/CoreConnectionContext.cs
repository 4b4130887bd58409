using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>What all Core connections of the node share.</summary>
internal sealed record CoreConnectionContext(
    ConnectionRouter Router,
    CoreHubProtocols Protocols,
    CoreProtocolOptions Options,
    OutboundQueueOptions QueueOptions,
    HandshakePlaces Places,
    ConnectionIds Ids,
    TimeProvider Time);
