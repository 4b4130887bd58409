using Tandem.Protocols.Service;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

public sealed class OutboundMessageTests
{
    [Fact]
    public void An_encoder_that_takes_the_slot_of_another_gets_a_frame_of_its_own()
    {
        var message = new OutboundMessage(
            new ServicePayloads([new ServicePayload("one", Text.Bytes("first")), new ServicePayload("two", Text.Bytes("second"))]), ProtocolFamily.Core);
        var (one, two, three) = NewInOneSlot("one", "two", "three");

        Assert.True(message.TryGetFrame(one, out var first));
        Assert.True(message.TryGetFrame(two, out var second));
        Assert.False(message.TryGetFrame(three, out _));

        Assert.Equal(("first", "second"), (Text.Of(first), Text.Of(second)));
    }

    [Fact]
    public void Slots_of_retired_encoders_are_used_again()
    {
        var highest = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var encoder = new NamedEncoder($"protocol {i}");
            highest = Math.Max(highest, encoder.Slot);
            encoder.Retire();
            encoder.Retire();
        }

        Assert.InRange(highest, 0, 5_000);
    }

    private static (NamedEncoder One, NamedEncoder Two, NamedEncoder Three) NewInOneSlot(string one, string two, string three)
    {
        // Tests that run at this moment make encoders too, and may be faster.
        for (var i = 0; i < 1000; i++)
        {
            var encoders = (One: NewRetired(one), Two: NewRetired(two), Three: NewRetired(three));
            if (encoders.One.Slot == encoders.Two.Slot && encoders.Two.Slot == encoders.Three.Slot)
            {
                return encoders;
            }
        }

        throw new InvalidOperationException("Slots are not used again.");
    }

    private static NamedEncoder NewRetired(string hubProtocol)
    {
        var encoder = new NamedEncoder(hubProtocol);
        encoder.Retire();
        return encoder;
    }

    private sealed class NamedEncoder(string hubProtocol) : FrameEncoder(hubProtocol)
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
    }
}
