using Tandem.Load.Peers;

namespace Tandem.Load.Measuring;

/// <summary>One row's figures of one peer in one round.</summary>
internal sealed record Sample(string Row, PeerKind Peer, int Round, Cost Cost, Traffic? Traffic = null);
