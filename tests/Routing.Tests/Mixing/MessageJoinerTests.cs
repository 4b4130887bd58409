using System.Text;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using Tandem.Routing.Mixing;

namespace Tandem.Routing.Tests.Mixing;

public class MessageJoinerTests
{
    private const int MaxBytes = 4 * 1024 * 1024;

    [Theory]
    [InlineData("one;two;three;")]
    [InlineData(";;a;")]
    [InlineData("not ended")]
    [InlineData("ended;not ended")]
    public void Messages_are_the_same_however_they_are_cut(string text)
    {
        var whole = Read(new LineDialect(), [text]);
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                Assert.Equal(whole, Read(new LineDialect(), [text[..first], text[first..second], text[second..]]));
                Assert.Equal(whole, Read(new LineDialect { Knows = false }, [text[..first], text[first..second], text[second..]]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void A_message_in_thousands_of_pieces_is_copied_and_read_a_few_times_at_most(int messages)
    {
        const int PieceLength = 100;
        const int Pieces = 10_000;
        const int Length = Pieces * PieceLength;
        var piece = new byte[PieceLength];
        piece.AsSpan().Fill((byte)'x');
        var last = "x;"u8.ToArray();
        var dialect = new LineDialect();
        var joiner = new MessageJoiner(dialect, MaxBytes);
        var found = 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Pieces; i++)
        {
            found += joiner.Read(i % (Pieces / messages) == (Pieces / messages) - 1 ? last : piece).Count;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(messages, found);
        // Doubling buffers take up to three times the length, and the texts of the messages twice. Joining anew for each piece would take gigabytes.
        Assert.InRange(allocated, Length, 8 * Length);
        Assert.InRange(dialect.BytesRead, Length * 9 / 10, 2 * Length);
    }

    [Fact]
    public void A_message_has_a_limit_and_messages_together_have_none()
    {
        var joiner = new MessageJoiner(new LineDialect(), 10);
        Assert.Equal(2, joiner.Read("more than ten bytes;as this;1234567890"u8.ToArray()).Count);
        Assert.Single(joiner.Read("ten of them, and the end;"u8.ToArray()));
        Assert.Empty(joiner.Read("1234567890"u8.ToArray()));

        Assert.Throws<ProtocolViolationException>(() => joiner.Read("x"u8.ToArray()));
    }

    [Fact]
    public void What_is_kept_is_a_copy()
    {
        var joiner = new MessageJoiner(new LineDialect(), MaxBytes);
        var piece = "abc"u8.ToArray();
        Assert.Empty(joiner.Read(piece));
        piece.AsSpan().Clear();

        Assert.Equal("abcd", Assert.Single(joiner.Read("d;"u8.ToArray())).Target);
    }

    private static string[] Read(LineDialect dialect, string[] pieces)
    {
        var joiner = new MessageJoiner(dialect, MaxBytes);
        return [.. pieces.SelectMany(piece => joiner.Read(Encoding.ASCII.GetBytes(piece)).Select(static message => message.Target).ToArray())];
    }

    /// <summary>Messages that end with a semicolon.</summary>
    private sealed class LineDialect() : HubDialect("line", ProtocolFamily.Core)
    {
        /// <summary>Whether it can tell from a piece that no message ends in it.</summary>
        public bool Knows { get; init; } = true;

        public long BytesRead { get; private set; }

        public override bool MayComplete(ReadOnlySpan<byte> piece) => !Knows || piece.Contains((byte)';');

        public override void ReadFromServer(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages)
        {
            BytesRead += input.Length;
            while (input.Span.IndexOf((byte)';') is var end and >= 0)
            {
                messages.Add(new HubMessage(HubMessageKind.Invocation) { Target = Encoding.ASCII.GetString(input.Span[..end]) });
                input = input[(end + 1)..];
            }
        }

        public override void ReadFromClient(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages) => throw new NotSupportedException();

        public override byte[] WriteToServer(HubMessage message) => throw new NotSupportedException();

        public override byte[] WriteToClient(HubMessage message) => throw new NotSupportedException();
    }
}
