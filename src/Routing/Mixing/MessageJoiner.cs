using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Routing.Mixing;

/// <summary>
/// Puts together the messages of an app server that come in pieces. However many these are, each byte is copied and read a few times at most.
/// </summary>
/// <param name="dialect">The app server's.</param>
/// <param name="maxBytes">Most that is kept of a message that has not ended.</param>
internal sealed class MessageJoiner(HubDialect dialect, int maxBytes)
{
    // What came of the last message so far; null when it has ended.
    private ArrayBufferWriter<byte>? _begun;

    /// <summary>Takes what came, and gives the messages that are whole now. They hold no longer than until the next call.</summary>
    /// <exception cref="ProtocolViolationException">The bytes are no messages, or a message has no end.</exception>
    public List<HubMessage> Read(ReadOnlyMemory<byte> payload)
    {
        List<HubMessage> messages = [];
        var rest = payload;
        if (_begun is { } begun)
        {
            begun.Write(payload.Span);
            rest = begun.WrittenMemory;
        }

        if (_begun is null || dialect.MayComplete(payload.Span))
        {
            dialect.ReadFromServer(ref rest, messages);
        }

        if (rest.Length > maxBytes)
        {
            throw new ProtocolViolationException($"A message of an app server has more than {maxBytes} bytes (Mixing:MaxMessageBytes).");
        }

        if (_begun is null || rest.Length < _begun.WrittenCount)
        {
            Begin(rest.Span);
        }

        return messages;
    }

    private void Begin(ReadOnlySpan<byte> rest)
    {
        // Another buffer: the messages are slices of the one before.
        _begun = rest.IsEmpty ? null : new ArrayBufferWriter<byte>(rest.Length);
        _begun?.Write(rest);
    }
}
