using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using Tandem.Routing.Mixing;

namespace Tandem.Routing.Messages;

/// <summary>
/// A message on its way to its recipients: framed at most once per encoder, however many they are. Used by one thread, the
/// one that walks the recipients, so it needs no lock.
/// </summary>
internal sealed class OutboundMessage(ServicePayloads payloads, ProtocolFamily family)
{
    private Entry[] _frames = new Entry[4];
    private TranslatedMessage? _translated;

    /// <summary>The family of the app server it comes from.</summary>
    public ProtocolFamily Family => family;

    /// <summary>The message for recipients of the other family, made when the first of them is met.</summary>
    public TranslatedMessage Translate(DialectTable dialects) => _translated ??= new TranslatedMessage(payloads, family, dialects);

    /// <summary>The message for recipients of this encoder; false when the app server did not send it in their protocol, or is of the other family.</summary>
    public bool TryGetFrame(FrameEncoder encoder, out Frame frame)
    {
        if (encoder.Slot >= _frames.Length)
        {
            Array.Resize(ref _frames, Math.Max(encoder.Slot + 1, _frames.Length * 2));
        }

        ref var entry = ref _frames[encoder.Slot];
        if (!ReferenceEquals(entry.Encoder, encoder))
        {
            // Empty, or what an encoder left here that has retired while this message was on its way.
            entry = encoder.Family == family && payloads.TryGet(encoder.HubProtocol, out var payload)
                ? new Entry { Encoder = encoder, IsFramed = true, Frame = new Frame(encoder.Encode(payload)) }
                : new Entry { Encoder = encoder };
        }

        frame = entry.Frame;
        return entry.IsFramed;
    }

    private struct Entry
    {
        public FrameEncoder? Encoder;
        public bool IsFramed;
        public Frame Frame;
    }
}
