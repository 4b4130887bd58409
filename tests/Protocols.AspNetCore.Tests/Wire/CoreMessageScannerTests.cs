using System.Text;
using CsCheck;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

public class CoreMessageScannerTests
{
    private const int MaxBytes = 1000;

    [Theory]
    [InlineData("{\"type\":6}", true)]
    [InlineData(" { \"type\" : 6 } ", true)]
    [InlineData("{\"type\":6,\"x\":1}", false)]
    [InlineData("{\"type\":1,\"target\":\"x\",\"arguments\":[]}", false)]
    [InlineData("{\"type\":61}", false)]
    [InlineData("{\"type\":\"6\"}", false)]
    [InlineData("{\"type\":6", false)]
    [InlineData("", false)]
    [InlineData("nonsense", false)]
    public void Json_pings_are_recognised(string json, bool isPing)
    {
        ReadOnlyMemory<byte> input = Encoding.UTF8.GetBytes(json + "\u001e");
        Assert.Equal(MessageScanResult.Message, CoreMessageScanner.TryRead(HubProtocolFraming.RecordSeparator, ref input, MaxBytes, out _, out var ping));
        Assert.Equal(isPing, ping);
        Assert.True(input.IsEmpty);
    }

    [Theory]
    [InlineData(new byte[] { 0x02, 0x91, 0x06 }, true)]
    [InlineData(new byte[] { 0x03, 0x91, 0x06, 0x00 }, false)]
    [InlineData(new byte[] { 0x02, 0x91, 0x07 }, false)]
    [InlineData(new byte[] { 0x00 }, false)]
    public void Binary_pings_are_recognised(byte[] bytes, bool isPing)
    {
        ReadOnlyMemory<byte> input = bytes;
        Assert.Equal(MessageScanResult.Message, CoreMessageScanner.TryRead(HubProtocolFraming.LengthPrefix, ref input, MaxBytes, out _, out var ping));
        Assert.Equal(isPing, ping);
    }

    [Fact]
    public void A_stream_cut_anywhere_gives_the_same_messages()
    {
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 200].List[1, 6]).Sample((binary, bodies) =>
        {
            var framing = binary ? HubProtocolFraming.LengthPrefix : HubProtocolFraming.RecordSeparator;
            var messages = bodies.ConvertAll(body => Frame(framing, body));
            var stream = messages.SelectMany(message => message).ToArray();
            for (var cut = 0; cut <= stream.Length; cut++)
            {
                ReadOnlyMemory<byte> first = stream.AsMemory(0, cut);
                var read = ReadAll(framing, ref first);
                ReadOnlyMemory<byte> second = first.ToArray().Concat(stream[cut..]).ToArray();
                read.AddRange(ReadAll(framing, ref second));
                Assert.True(second.IsEmpty);
                Assert.Equal(messages.Select(Convert.ToHexString), read.Select(message => Convert.ToHexString(message)));
            }
        }, iter: 50);
    }

    [Theory]
    [InlineData(MaxBytes, MessageScanResult.Message)]
    [InlineData(MaxBytes + 1, MessageScanResult.TooLarge)]
    public void The_size_limit_is_exact(int bytes, object expected)
    {
        foreach (var framing in new[] { HubProtocolFraming.RecordSeparator, HubProtocolFraming.LengthPrefix })
        {
            ReadOnlyMemory<byte> input = Frame(framing, new byte[bytes]);
            Assert.Equal(expected, CoreMessageScanner.TryRead(framing, ref input, MaxBytes, out _, out _));
        }
    }

    [Fact]
    public void A_message_over_the_limit_is_refused_before_it_is_whole()
    {
        ReadOnlyMemory<byte> json = new byte[MaxBytes + 1];
        Assert.Equal(MessageScanResult.TooLarge, CoreMessageScanner.TryRead(HubProtocolFraming.RecordSeparator, ref json, MaxBytes, out _, out _));
        ReadOnlyMemory<byte> binary = new byte[] { 0xFF, 0xFF, 0x7F };
        Assert.Equal(MessageScanResult.TooLarge, CoreMessageScanner.TryRead(HubProtocolFraming.LengthPrefix, ref binary, MaxBytes, out _, out _));
    }

    [Fact]
    public void A_length_that_is_none_is_a_violation()
    {
        ReadOnlyMemory<byte> input = new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 };
        Assert.Throws<ProtocolViolationException>(() => CoreMessageScanner.TryRead(HubProtocolFraming.LengthPrefix, ref input, MaxBytes, out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void Bytes_that_were_searched_before_are_not_searched_again(int examined)
    {
        ReadOnlyMemory<byte> input = "1234\u001e5\u001e"u8.ToArray();
        Assert.Equal(
            MessageScanResult.Message,
            CoreMessageScanner.TryRead(HubProtocolFraming.RecordSeparator, ref input, MaxBytes, out var message, out _, examined));
        Assert.Equal("1234\u001e"u8.ToArray(), message.ToArray());
        Assert.Equal(2, input.Length);

        // Proof that they are not: a separator among them is passed over.
        input = "1\u001e23\u001e"u8.ToArray();
        CoreMessageScanner.TryRead(HubProtocolFraming.RecordSeparator, ref input, MaxBytes, out message, out _, examined: 2);
        Assert.Equal(5, message.Length);
    }

    [Fact]
    public void Bytes_of_an_unknown_protocol_pass_as_they_come()
    {
        ReadOnlyMemory<byte> input = "anything"u8.ToArray();
        Assert.Equal(MessageScanResult.Message, CoreMessageScanner.TryRead(HubProtocolFraming.Opaque, ref input, MaxBytes, out var message, out var ping));
        Assert.Equal(8, message.Length);
        Assert.False(ping);
    }

    private static byte[] Frame(HubProtocolFraming framing, byte[] body)
    {
        if (framing == HubProtocolFraming.RecordSeparator)
        {
            return [.. body.Select(value => value == CoreMessages.RecordSeparator ? (byte)'x' : value), CoreMessages.RecordSeparator];
        }

        var prefix = new byte[ServiceFraming.MaxPrefixBytes];
        return [.. prefix.AsSpan(0, ServiceFraming.WritePrefix(body.Length, prefix)), .. body];
    }

    private static List<byte[]> ReadAll(HubProtocolFraming framing, ref ReadOnlyMemory<byte> input)
    {
        var messages = new List<byte[]>();
        while (CoreMessageScanner.TryRead(framing, ref input, MaxBytes, out var message, out _) == MessageScanResult.Message)
        {
            messages.Add(message.ToArray());
        }

        return messages;
    }
}
