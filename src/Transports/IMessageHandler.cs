namespace Tandem.Transports;

/// <summary>Takes the messages of one client's WebSocket, in order and one call at a time.</summary>
public interface IMessageHandler
{
    /// <summary>Consumes a message; awaiting it is the back-pressure.</summary>
    /// <param name="message">A text message; valid until the call completes.</param>
    /// <returns>False when the connection is ending and nothing more is to be read.</returns>
    ValueTask<bool> OnMessageAsync(ReadOnlyMemory<byte> message);
}
