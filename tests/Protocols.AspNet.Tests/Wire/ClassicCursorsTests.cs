using System.Text;
using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicCursorsTests
{
    [Fact]
    public void Cursors_have_one_length_and_differ()
    {
        var cursors = new ClassicCursors("aB-_");
        var made = Enumerable.Range(0, 100).Select(_ => Encoding.ASCII.GetString(cursors.Next())).ToArray();

        Assert.Equal("aB-_0000000000000001", made[0]);
        Assert.Equal(100, made.Distinct().Count());
        Assert.All(made, cursor => Assert.Equal(ClassicCursors.Length, cursor.Length));
        Assert.All(made, cursor => Assert.True(cursors.IsOwn(cursor)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d-BDF49932-B,0|K,1|L,1")]
    [InlineData("0")]
    [InlineData("aB-x0000000000000001")]
    [InlineData("ab-_0000000000000001")]
    [InlineData("aB-_000000000000000g")]
    [InlineData("aB-_000000000000000a")]
    [InlineData("aB-_00000000000000011")]
    [InlineData("aB-_000000000000000ü")]
    public void What_another_process_made_or_nobody_is_not_own(string? text) => Assert.False(new ClassicCursors("aB-_").IsOwn(text));

    [Theory]
    [InlineData("abc")]
    [InlineData("abcde")]
    [InlineData("abcü")]
    public void A_tag_of_another_form_is_refused(string tag) => Assert.Throws<ArgumentException>(() => new ClassicCursors(tag));
}
