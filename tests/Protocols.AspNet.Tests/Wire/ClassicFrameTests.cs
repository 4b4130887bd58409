using System.Text;
using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicFrameTests
{
    private readonly ClassicCursors _cursors = new("node");

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("""{"H":"chat"},"x" """)]
    public void A_message_frame_gives_back_what_it_was_made_of(string items)
    {
        var frame = ClassicFrame.Create(_cursors, Encoding.UTF8.GetBytes(items));

        Assert.True(ClassicFrame.IsMessage(frame));
        Assert.True(ClassicFrame.IsEnvelope(frame));
        Assert.False(ClassicFrame.IsKeepAlive(frame));
        Assert.Equal("node0000000000000001", Encoding.ASCII.GetString(ClassicFrame.Cursor(frame)));
        Assert.Equal(items, Encoding.UTF8.GetString(ClassicFrame.Items(frame)));
        Assert.Equal($$"""{"C":"node0000000000000001","M":[{{items}}]}""", Encoding.UTF8.GetString(frame));
    }

    [Fact]
    public void Other_envelopes_and_results_are_no_message_frames()
    {
        Assert.False(ClassicFrame.IsMessage(ClassicEnvelope.Initialized(_cursors.Next())));
        Assert.False(ClassicFrame.IsMessage(ClassicEnvelope.Error(_cursors.Next(), "x")));
        Assert.False(ClassicFrame.IsMessage("{\"I\":\"0\"}"u8));
        Assert.False(ClassicFrame.IsEnvelope("{\"I\":\"0\"}"u8));
        Assert.False(ClassicFrame.IsMessage([]));
        Assert.True(ClassicFrame.IsKeepAlive(ClassicFrame.KeepAlive.Span));
    }
}
