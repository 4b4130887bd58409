using System.Text;
using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicProgressTests
{
    [Fact]
    public void Progress_gets_the_id_the_client_knows()
    {
        const string Frame = """{"C":"node0000000000000001","M":[{"I":"P|0~1","P":{"I":"0~1","D":"say \"I\":\"0~1\""}}]}""";
        Assert.True(ClassicProgress.TryRead(ClassicFrame.Items(Encoding.UTF8.GetBytes(Frame)), out var id));
        Assert.Equal("0~1", id);
        Assert.Equal(
            """{"C":"node0000000000000001","M":[{"I":"P|0","P":{"I":"0","D":"say \"I\":\"0~1\""}}]}""",
            Encoding.UTF8.GetString(ClassicProgress.Replace(Encoding.UTF8.GetBytes(Frame), "0~1", "0")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"I":"0"}""")]
    [InlineData("""{"H":"chat"}""")]
    [InlineData("""{"I":"P|""")]
    [InlineData("""{"I":"P|"}""")]
    [InlineData("""{"I":"P|\"}""")]
    public void Anything_else_is_none(string items) => Assert.False(ClassicProgress.TryRead(Encoding.UTF8.GetBytes(items), out _));
}
