using System.Buffers;
using System.Text;
using CsCheck;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class ConnectionDataFastPathTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(31, 255)]
    [InlineData(32, 256)]
    [InlineData(255, 65535)]
    [InlineData(255, 65536)]
    [InlineData(100, 3_000_000)]
    public void Plain_connection_data_is_read_as_it_was_written(int idBytes, int payloadBytes)
    {
        var id = new string('i', idBytes);
        var payload = Enumerable.Range(0, payloadBytes).Select(value => (byte)value).ToArray();

        foreach (var pieceSize in new[] { 1000, int.MaxValue })
        {
            var output = new ArrayBufferWriter<byte>();
            ServiceProtocolWriter.WriteConnectionData(id, Segments.OfSize(payload, pieceSize), output);
            var body = Frames.Body(output.WrittenSpan.ToArray());

            Assert.True(ServiceProtocolReader.TryReadConnectionData(body, out var readId, out var readPayload));
            Assert.Equal(id, Encoding.UTF8.GetString(readId));
            Assert.Equal(payload, readPayload);
            AgreesWithTheReader(body);
        }
    }

    [Fact]
    public void Plain_connection_data_is_read_as_it_was_written_whatever_the_id()
    {
        Gen.Select(Gen.Int[0, 255].SelectMany(MessageGen.TextOf), MessageGen.Bytes).Sample(
            (id, payload) =>
            {
                var output = new ArrayBufferWriter<byte>();
                ServiceProtocolWriter.WriteConnectionData(id, new ReadOnlySequence<byte>(payload), output);
                var body = Frames.Body(output.WrittenSpan.ToArray());

                Assert.True(ServiceProtocolReader.TryReadConnectionData(body, out var readId, out var readPayload));
                Assert.Equal(id, Encoding.UTF8.GetString(readId));
                Assert.Equal(payload.Span, readPayload);
                Assert.Equal(output.WrittenSpan, ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(id, payload)));
            },
            iter: 1_000);
    }

    [Fact]
    public void Longer_ids_take_the_long_way()
    {
        var body = Frames.Body(ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(new string('i', 256), "D"u8.ToArray())));

        Assert.False(ServiceProtocolReader.TryReadConnectionData(body, out _, out _));
        Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(body));
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void Only_plain_connection_data_takes_the_short_way(string name)
    {
        var body = GoldenFrames.All[name].Body;

        Assert.Equal(name == "Data", AgreesWithTheReader(body));
    }

    [Fact]
    public void It_never_says_anything_else_than_the_reader_whatever_one_byte_is()
    {
        foreach (var body in Bodies())
        {
            for (var at = 0; at < Math.Min(body.Length, 50); at++)
            {
                var changed = body.ToArray();
                for (var value = 0; value < 256; value++)
                {
                    changed[at] = (byte)value;
                    AgreesWithTheReader(changed);
                }
            }

            for (var length = 0; length < body.Length; length++)
            {
                Assert.False(ServiceProtocolReader.TryReadConnectionData(body.AsSpan(0, length), out _, out _));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_never_says_anything_else_than_the_reader_when_bytes_are_damaged(int seed)
    {
        var mutations = new Mutations(seed);
        var bodies = Bodies();
        for (var i = 0; i < 100_000; i++)
        {
            AgreesWithTheReader(mutations.Next(bodies[i % bodies.Length], bodies[(i * 3 + seed) % bodies.Length]));
        }
    }

    [Theory]
    [InlineData("C6FFFFFFFF")]
    [InlineData("C680000000")]
    [InlineData("C67FFFFFFF")]
    [InlineData("C5FFFF")]
    [InlineData("C4FF")]
    public void A_size_that_is_not_there_is_not_read(string header)
    {
        foreach (var tail in new[] { "", "80", "4480", "444444444480" })
        {
            var body = Convert.FromHexString("9406A163" + header + tail);

            Assert.False(ServiceProtocolReader.TryReadConnectionData(body, out _, out _));
        }
    }

    private static byte[][] Bodies() =>
    [
        GoldenFrames.All["Data"].Body,
        GoldenFrames.All["Data, extensions"].Body,
        Frames.Body(ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("", Array.Empty<byte>()))),
        Frames.Body(ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(new string('i', 40), new byte[3]))),
        Frames.Body(ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("ü", new byte[300]))),
        Pack.Body(6, Pack.Raw(0xD9, 1, (byte)'c'), Pack.Raw(0xC6, 0, 0, 0, 2, 1, 2), Pack.Map()),
    ];

    /// <summary>Returns what the short way says, after seeing that the long way says the same.</summary>
    private static bool AgreesWithTheReader(byte[] body)
    {
        if (!ServiceProtocolReader.TryReadConnectionData(body, out var id, out var payload))
        {
            Assert.True(id.IsEmpty && payload.IsEmpty);
            return false;
        }

        var message = Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(body));
        Assert.Equal(message.ConnectionId, Encoding.UTF8.GetString(id));
        Assert.True(message.Payload.Span.SequenceEqual(payload));
        Assert.Equal((ConnectionDataKind.Unknown, false, null), (message.Kind, message.IsPartial, message.TracingId));
        return true;
    }
}
