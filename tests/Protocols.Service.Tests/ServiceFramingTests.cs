using System.Buffers;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class ServiceFramingTests
{
    public static TheoryData<int, string> Prefixes => new()
    {
        { 0, "00" },
        { 1, "01" },
        { 127, "7F" },
        { 128, "8001" },
        { 16_383, "FF7F" },
        { 16_384, "808001" },
        { 2_097_151, "FFFF7F" },
        { 2_097_152, "80808001" },
        { 268_435_455, "FFFFFF7F" },
        { 268_435_456, "8080808001" },
        { int.MaxValue, "FFFFFFFF07" },
    };

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_length_is_written_and_read_with_as_few_bytes_as_it_needs(int length, string hex)
    {
        var output = new byte[ServiceFraming.MaxPrefixBytes];
        var size = ServiceFraming.WritePrefix(length, output);
        Assert.Equal(hex, Convert.ToHexString(output, 0, size));
        Assert.Equal(size, ServiceFraming.PrefixSize(length));

        foreach (var pieceSize in new[] { 1, 2, 10 })
        {
            // Whatever stands behind the prefix is not looked at.
            var input = Segments.OfSize((byte[])[.. Convert.FromHexString(hex), 0xFF, 0xFF], pieceSize);
            Assert.True(ServiceFraming.TryReadPrefix(input, out var prefixBytes, out var read));
            Assert.Equal((size, length), (prefixBytes, read));
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void An_incomplete_length_needs_more(int length, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var available = 0; available < bytes.Length; available++)
        {
            var input = new ReadOnlySequence<byte>(bytes, 0, available);

            Assert.False(ServiceFraming.TryReadPrefix(input, out var prefixBytes, out var read));
            Assert.Equal((0, 0), (prefixBytes, read));
            Assert.Equal(FrameReadResult.NeedMoreData, ServiceFraming.TryRead(ref input, length, out _));
            Assert.Equal(available, input.Length);
        }
    }

    [Fact]
    public void Written_and_computed_sizes_agree_around_every_power_of_two()
    {
        var output = new byte[ServiceFraming.MaxPrefixBytes];
        for (var bit = 0; bit < 31; bit++)
        {
            for (var offset = -2; offset <= 2; offset++)
            {
                var length = (int)Math.Clamp((1L << bit) + offset, 0, int.MaxValue);
                var size = ServiceFraming.WritePrefix(length, output);

                Assert.Equal(size, ServiceFraming.PrefixSize(length));
                Assert.True(ServiceFraming.TryReadPrefix(new ReadOnlySequence<byte>(output, 0, size), out var prefixBytes, out var read));
                Assert.Equal((size, length), (prefixBytes, read));
            }
        }
    }

    [Theory]
    [InlineData("8080808008")]
    [InlineData("FFFFFFFF08")]
    [InlineData("FFFFFFFF0F")]
    [InlineData("8080808010")]
    [InlineData("FFFFFFFFFF")]
    [InlineData("8080808080")]
    [InlineData("808080808000")]
    [InlineData("808080808100")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void Two_gibibytes_or_more_are_a_violation(string hex)
    {
        foreach (var pieceSize in new[] { 1, 3, 20 })
        {
            var input = Segments.OfSize(Convert.FromHexString(hex), pieceSize);

            Assert.Throws<ProtocolViolationException>(() => ServiceFraming.TryReadPrefix(input, out _, out _));
            Assert.Throws<ProtocolViolationException>(() => ServiceFraming.TryRead(ref input, int.MaxValue, out _));
            Assert.Equal(hex.Length / 2, input.Length);
        }
    }

    [Theory]
    [InlineData("8000", 2, 0)]
    [InlineData("8180808000", 5, 1)]
    public void A_length_written_longer_than_needed_is_accepted(string hex, int prefixBytes, int length)
    {
        Assert.True(ServiceFraming.TryReadPrefix(new ReadOnlySequence<byte>(Convert.FromHexString(hex)), out var readBytes, out var read));
        Assert.Equal((prefixBytes, length), (readBytes, read));
    }

    [Fact]
    public void A_frame_of_exactly_the_limit_is_taken_and_one_more_byte_is_too_large()
    {
        byte[] stream = [3, 1, 2, 3, 4, 1, 2, 3, 4];
        var input = new ReadOnlySequence<byte>(stream);

        Assert.Equal(FrameReadResult.Frame, ServiceFraming.TryRead(ref input, 3, out var frame));
        Assert.Equal(new byte[] { 1, 2, 3 }, frame.ToArray());

        Assert.Equal(FrameReadResult.TooLarge, ServiceFraming.TryRead(ref input, 3, out frame));
        Assert.True(frame.IsEmpty);
        Assert.Equal(stream[4..], input.ToArray());

        // So whoever owns the limit can say what arrived, or raise it.
        Assert.Equal(FrameReadResult.Frame, ServiceFraming.TryRead(ref input, 4, out frame));
        Assert.Equal(stream[5..], frame.ToArray());
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void A_frame_is_too_large_as_soon_as_its_length_is_known()
    {
        var input = Segments.OfSize(Convert.FromHexString("FFFFFFFF07"), 2);

        Assert.Equal(FrameReadResult.TooLarge, ServiceFraming.TryRead(ref input, int.MaxValue - 1, out _));
        Assert.Equal(5, input.Length);
        Assert.Equal(FrameReadResult.NeedMoreData, ServiceFraming.TryRead(ref input, int.MaxValue, out _));
        Assert.Equal(5, input.Length);
    }

    [Fact]
    public void An_empty_frame_is_a_frame_but_no_message()
    {
        var input = new ReadOnlySequence<byte>([0, 1, 0x90]);

        Assert.Equal(FrameReadResult.Frame, ServiceFraming.TryRead(ref input, 0, out var frame));
        Assert.True(frame.IsEmpty);
        Assert.Equal(2, input.Length);
        Assert.Throws<ProtocolViolationException>(() => ServiceProtocolReader.Read(frame.ToArray()));
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_151)]
    [InlineData(2_097_152)]
    public void A_frame_is_taken_whole_whatever_the_size_of_its_prefix(int length)
    {
        var stream = new byte[ServiceFraming.PrefixSize(length) + length + 1];
        var prefix = ServiceFraming.WritePrefix(length, stream);
        stream[prefix] = 0xAA;
        stream[^2] = 0xBB;
        stream[^1] = 0xCC;

        var input = Segments.OfSize(stream.AsMemory(0, stream.Length - 2), 4096);
        Assert.Equal(FrameReadResult.NeedMoreData, ServiceFraming.TryRead(ref input, length, out _));

        input = Segments.OfSize(stream, 4096);
        Assert.Equal(FrameReadResult.Frame, ServiceFraming.TryRead(ref input, length, out var frame));
        Assert.Equal(stream[prefix..^1], frame.ToArray());
        Assert.Equal(new byte[] { 0xCC }, input.ToArray());
    }
}
