using System.Collections.Concurrent;
using Tandem.Routing.Dialects;

namespace Tandem.Routing.Messages;

/// <summary>
/// Turns a payload of one hub protocol into the bytes one kind of transport sends. There is one object per (hub protocol,
/// transport); its <see cref="Slot"/> is where an <see cref="OutboundMessage"/> keeps the result.
/// </summary>
public abstract class FrameEncoder
{
    private static readonly ConcurrentBag<int> FreeSlots = [];
    private static int LastSlot = -1;

    private bool _isRetired;

    /// <summary>Makes the encoder for payloads of a hub protocol.</summary>
    /// <param name="hubProtocol">Name of the hub protocol as the service protocol has it, such as <c>json</c>.</param>
    /// <param name="family">The family whose payloads it takes: both call theirs <c>json</c>.</param>
    /// <param name="dialect">Reads and writes such payloads; null when they cannot be translated.</param>
    protected FrameEncoder(string hubProtocol, ProtocolFamily family = ProtocolFamily.Core, HubDialect? dialect = null)
    {
        HubProtocol = hubProtocol;
        Family = family;
        Dialect = dialect;
        Slot = FreeSlots.TryTake(out var slot) ? slot : Interlocked.Increment(ref LastSlot);
    }

    /// <summary>Name of the hub protocol whose payloads it takes.</summary>
    public string HubProtocol { get; }

    /// <summary>The family whose payloads it takes.</summary>
    public ProtocolFamily Family { get; }

    /// <summary>Reads and writes such payloads where families meet; null when they cannot be translated.</summary>
    public HubDialect? Dialect { get; }

    /// <summary>Index into a message's frames; unique among the encoders in use.</summary>
    public int Slot { get; }

    /// <summary>
    /// Lets another encoder have the slot: no connection that begins from now on uses this one. Messages on their way to connections that
    /// still do are not harmed.
    /// </summary>
    public void Retire()
    {
        if (!Interlocked.Exchange(ref _isRetired, true))
        {
            FreeSlots.Add(Slot);
        }
    }

    /// <summary>
    /// Frames <paramref name="payload"/>. Runs once per message, whatever the number of recipients, so the result must not
    /// depend on a connection. Returning <paramref name="payload"/> itself is the best encoder.
    /// </summary>
    /// <param name="payload">The message; stays valid and unchanged.</param>
    public abstract ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload);
}
