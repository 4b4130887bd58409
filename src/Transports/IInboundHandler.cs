namespace Tandem.Transports;

/// <summary>Takes what a client sent, in order and one call at a time.</summary>
public interface IInboundHandler
{
    /// <summary>
    /// Consumes the whole messages at the front of the buffer; awaiting it is the back-pressure. What is left is the beginning of a message.
    /// </summary>
    /// <returns>False when the connection is ending and nothing more is to be read.</returns>
    ValueTask<bool> OnReceivedAsync(InboundBuffer buffer);
}
