using System.Text;
using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicEnvelopeTests
{
    private static readonly byte[] Cursor = "c1"u8.ToArray();

    [Fact]
    public void Envelopes_have_the_members_in_the_order_of_the_original()
    {
        Assert.Equal("""{"C":"c1","S":1,"M":[]}""", Text(ClassicEnvelope.Initialized(Cursor)));
        Assert.Equal("""{"C":"c1","S":1,"L":250,"M":[]}""", Text(ClassicEnvelope.Initialized(Cursor, 250)));
        Assert.Equal("""{"C":"c1","M":[]}""", Text(ClassicEnvelope.Empty(Cursor)));
        Assert.Equal("""{"C":"c1","L":250,"M":[]}""", Text(ClassicEnvelope.Empty(Cursor, 250)));
        Assert.Equal("""{"C":"c1","T":1,"M":[]}""", Text(ClassicEnvelope.Reconnect(Cursor)));
        Assert.Equal("""{"C":"c1","E":"It's \"over\".","M":[]}""", Text(ClassicEnvelope.Error(Cursor, "It's \"over\".")));
    }

    [Fact]
    public void An_error_stays_on_one_line() => Assert.DoesNotContain('\n', Text(ClassicEnvelope.Error(Cursor, "a\r\nb")));

    [Fact]
    public void Several_frames_become_one_envelope_with_the_last_cursor()
    {
        var cursors = new ClassicCursors("node");
        ReadOnlyMemory<byte>[] frames =
        [
            ClassicFrame.Create(cursors, "1,2"u8), ClassicFrame.Create(cursors, []), ClassicFrame.Create(cursors, "{\"H\":3}"u8), ClassicFrame.Create(cursors, []),
        ];

        Assert.Equal("""{"C":"node0000000000000004","M":[1,2,{"H":3}]}""", Text(ClassicEnvelope.Merge(frames)));
        Assert.Equal("""{"C":"node0000000000000001","L":9,"M":[1,2]}""", Text(ClassicEnvelope.Merge(frames.AsSpan(0, 1), 9)));
    }

    private static string Text(byte[] envelope) => Encoding.UTF8.GetString(envelope);
}
