using System.Text;
using Tandem.Routing.Dialects;

namespace Tandem.Routing.Tests.Dialects;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("ü😀", "ü😀")]
    [InlineData(@"a\u0062c", "abc")]
    [InlineData(@"\""\\\/\b\f\n\r\t\u0000", "\"\\/\b\f\n\r\t\0")]
    [InlineData(@"\ud83d\ude00\u00FC", "😀ü")]
    [InlineData(@"\ud83d", "\ufffd")]
    [InlineData(@"\ude00\ud83d", "\ufffd\ufffd")]
    [InlineData(@"\ud83d\ud83d\ude00", "\ufffd😀")]
    [InlineData(@"\ud83d\n", "\ufffd\n")]
    [InlineData(@"\ud83dude00", "\ufffdude00")]
    public void Escapes_become_characters(string json, string text) => Assert.Equal(text, JsonText.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters()
    {
        Assert.Equal("\ufffda", JsonText.Read([0xFF, (byte)'a']));
        Assert.Equal("\ufffd\n", JsonText.Read([0xC3, (byte)'\\', (byte)'n']));
    }

    [Fact]
    public void A_text_that_needs_no_change_is_not_copied()
    {
        var json = "ü😀"u8;
        Assert.True(json.Overlaps(JsonText.Unescape(json)));
    }
}
