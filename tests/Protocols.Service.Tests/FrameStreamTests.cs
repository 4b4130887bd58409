using System.Buffers;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class FrameStreamTests
{
    private static readonly string[] Expected = [.. GoldenFrames.All.Values.Select(golden => MessageText.Of(golden.Message))];

    [Fact]
    public void A_stream_that_comes_byte_by_byte_gives_each_message_with_its_last_byte()
    {
        var stream = GoldenFrames.Stream;
        var ends = new List<int>();
        var end = 0;
        foreach (var golden in GoldenFrames.All.Values)
        {
            ends.Add(end += golden.Bytes.Length);
        }

        var read = new List<ServiceMessage>();
        var seen = new List<int>();
        var taken = 0;
        for (var received = 1; received <= stream.Length; received++)
        {
            var input = new ReadOnlySequence<byte>(stream, taken, received - taken);
            var messages = Frames.ReadAll(ref input);
            taken = received - (int)input.Length;
            read.AddRange(messages);
            seen.AddRange(messages.Select(_ => received));
        }

        Assert.Equal(Expected, read.Select(MessageText.Of));
        Assert.Equal(ends, seen);
    }

    [Fact]
    public void A_stream_cut_anywhere_gives_the_same_messages()
    {
        var stream = GoldenFrames.Stream;
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            // Both parts at once, in two pieces of memory.
            var whole = Segments.Of(stream.AsMemory(0, cut), stream.AsMemory(cut));
            Assert.Equal(Expected, Frames.ReadAll(ref whole).Select(MessageText.Of));
            Assert.True(whole.IsEmpty);

            // One part after the other, with what the first one left.
            var first = new ReadOnlySequence<byte>(stream, 0, cut);
            var messages = Frames.ReadAll(ref first);
            var second = Segments.Of(first.ToArray(), ReadOnlyMemory<byte>.Empty, stream.AsMemory(cut));
            messages.AddRange(Frames.ReadAll(ref second));
            Assert.Equal(Expected, messages.Select(MessageText.Of));
            Assert.True(second.IsEmpty);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void A_stream_in_many_pieces_gives_the_same_messages(int pieceSize)
    {
        var input = Segments.OfSize(GoldenFrames.Stream, pieceSize);

        Assert.Equal(Expected, Frames.ReadAll(ref input).Select(MessageText.Of));
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void A_stream_that_ends_anywhere_gives_whole_messages_only_and_keeps_the_rest()
    {
        var stream = GoldenFrames.Stream;
        for (var length = 0; length <= stream.Length; length++)
        {
            var whole = 0;
            var end = 0;
            foreach (var golden in GoldenFrames.All.Values.TakeWhile(golden => end + golden.Bytes.Length <= length))
            {
                end += golden.Bytes.Length;
                whole++;
            }

            foreach (var pieceSize in new[] { 1, int.MaxValue })
            {
                var input = Segments.OfSize(stream.AsMemory(0, length), pieceSize);

                Assert.Equal(Expected.Take(whole), Frames.ReadAll(ref input).Select(MessageText.Of));
                Assert.Equal(stream[end..length], input.ToArray());
            }
        }
    }
}
