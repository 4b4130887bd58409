using System.Buffers;
using System.Text;
using CsCheck;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class RoundTripTests
{
    [Fact]
    public void Any_message_is_read_as_it_was_written()
    {
        MessageGen.Any.Sample(
            message =>
            {
                var frame = ServiceProtocolWriter.WriteToArray(message);
                var read = ServiceProtocolReader.Read(Frames.Body(frame));

                Assert.Equal(MessageText.Of(message), MessageText.Of(read));
                Assert.Equal(frame, ServiceProtocolWriter.WriteToArray(read));
            },
            iter: 2_000,
            print: MessageText.Of);
    }

    [Fact]
    public void Messages_one_after_the_other_in_one_output_stay_apart()
    {
        Gen.Select(MessageGen.Any.Array[1, 8], Gen.Int[1, 5000]).Sample(
            (messages, pieceSize) =>
            {
                var output = new StingyWriter();
                foreach (var message in messages)
                {
                    ServiceProtocolWriter.Write(message, output);
                }

                var input = Segments.OfSize(output.Written, pieceSize);

                Assert.Equal(messages.Select(MessageText.Of), Frames.ReadAll(ref input).Select(MessageText.Of));
                Assert.True(input.IsEmpty);
            },
            iter: 250,
            print: sample => string.Join("\n", sample.Item1.Select(MessageText.Of)) + "\nin pieces of " + sample.Item2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65535)]
    [InlineData(65536)]
    public void Texts_and_payloads_at_the_borders_of_their_encodings_are_read_as_written(int size)
    {
        // One to four bytes for a character: the writer must not guess the size from the number of characters.
        foreach (var letter in new[] { "x", "ü", "語", "👍" })
        {
            foreach (var bytes in new[] { size, size + 1 })
            {
                var width = Encoding.UTF8.GetByteCount(letter);
                var id = string.Concat(Enumerable.Repeat(letter, bytes / width)) + new string('z', bytes % width);
                var payload = Enumerable.Range(0, bytes).Select(value => (byte)value).ToArray();
                var plain = new ConnectionDataMessage(id, payload);
                var traced = new ConnectionDataMessage(id, payload) { TracingId = 1 };

                Assert.Equal(MessageText.Of(plain), MessageText.Of(ServiceProtocolReader.Read(Frames.Body(ServiceProtocolWriter.WriteToArray(plain)))));
                Assert.Equal(MessageText.Of(traced), MessageText.Of(ServiceProtocolReader.Read(Frames.Body(ServiceProtocolWriter.WriteToArray(traced)))));
            }
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_a_replacement_character_and_the_frame_stays_whole()
    {
        foreach (var id in new[] { "\uD83D", "a\uDC4Db", new string('\uD800', 100) })
        {
            var message = new ConnectionDataMessage(id, "D"u8.ToArray());

            var read = Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(Frames.Body(ServiceProtocolWriter.WriteToArray(message))));

            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id)), read.ConnectionId);
            Assert.Equal("D"u8, read.Payload.Span);
        }
    }

    [Fact]
    public void A_read_payload_is_a_slice_of_its_frame()
    {
        var body = GoldenFrames.All["Data"].Body;
        var message = Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(body));

        body[^2] = (byte)'E';

        Assert.Equal("E"u8, message.Payload.Span);
    }

    [Fact]
    public void The_usual_protocol_names_are_not_made_anew()
    {
        var message = Assert.IsType<UserDataMessage>(ServiceProtocolReader.Read(GoldenFrames.All["User"].Body));

        Assert.Same("json", message.Payloads.Items[0].Protocol);
        Assert.Same("messagepack", message.Payloads.Items[1].Protocol);
    }

    /// <summary>Gives what was asked for and not a byte more, as a buffer writer may.</summary>
    private sealed class StingyWriter : IBufferWriter<byte>
    {
        private readonly MemoryStream _written = new();
        private byte[] _given = [];

        public byte[] Written => _written.ToArray();

        public void Advance(int count)
        {
            _written.Write(_given, 0, count);
            _given = [];
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _given = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
