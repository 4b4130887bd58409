using Tandem.Routing.Connections;

namespace Tandem.Routing.Messages;

/// <summary>The sending half of a client's transport. Only the drain of an <see cref="OutboundQueue"/> calls it, one call at a time.</summary>
public interface IClientTransport
{
    /// <summary>Sends frames in order; completes when the transport can take more.</summary>
    /// <param name="frames">Valid until the call completes.</param>
    /// <returns>True when more may follow; false when the transport is used up, as a long poll is after one batch.</returns>
    ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames);

    /// <summary>Ends the transport in an orderly way. Everything the client is to see has been written.</summary>
    ValueTask CloseAsync(CloseReason reason);

    /// <summary>Ends the transport at once; a pending write fails. May be called at any time and more than once.</summary>
    void Abort();
}
