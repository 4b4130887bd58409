using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>What all classic connections of the node share.</summary>
internal sealed record ClassicConnectionContext(
    ConnectionRouter Router,
    ClassicFrameEncoder Encoder,
    ClassicCursors Cursors,
    ClassicProtocolOptions Options,
    OutboundQueueOptions QueueOptions,
    ReplayBudget ReplayBudget,
    StartPlaces Places,
    ClassicMetrics Metrics,
    TimeProvider Time)
{
    /// <summary>The time of the last tick: precise enough for what is kept for a minute, and cheaper than a look at the clock per message.</summary>
    public long Tick { get; set; } = Time.GetTimestamp();
}
