using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>The receiving side of a connection while it is open: a WebSocket, an event stream, or one poll.</summary>
internal interface IClassicStream : IClientTransport
{
    /// <summary>What it is.</summary>
    ClientTransports Kind { get; }

    /// <summary>When it began.</summary>
    long StartTimestamp { get; }

    /// <summary>Completes when it is to end, with the first reason.</summary>
    Task<StreamEnd> End { get; }

    /// <summary>Ends it. Its endpoint closes it in an orderly way then.</summary>
    void Finish(StreamEnd end);
}
