using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicProtocolVersionTests
{
    [Theory]
    [InlineData(null, "1.2")]
    [InlineData("", "1.2")]
    [InlineData("abc", "1.2")]
    [InlineData("2", "1.2")]
    [InlineData("1.0", "1.2")]
    [InlineData("1.2", "1.2")]
    [InlineData("1.3", "1.3")]
    [InlineData("1.4", "1.4")]
    [InlineData("1.5", "1.5")]
    [InlineData("2.0", "2.0")]
    [InlineData("2.1", "2.0")]
    [InlineData("2.2", "2.0")]
    [InlineData("3.0", "2.0")]
    [InlineData("1.5.7", "1.5")]
    [InlineData("2.0.0.1", "2.0")]
    [InlineData("-1.0", "1.2")]
    [InlineData("99999999999.0", "1.2")]
    public void The_version_is_the_lower_of_both_sides(string? asked, string answered) =>
        Assert.Equal(answered, ClassicProtocolVersion.Text(ClassicProtocolVersion.Read(asked)));
}
