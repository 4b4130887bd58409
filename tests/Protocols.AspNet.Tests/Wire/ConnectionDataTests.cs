using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ConnectionDataTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    public void No_hub_is_allowed(string? text) => Assert.Empty(Read(text));

    [Theory]
    [InlineData("""[{"name":"chat"}]""", "chat")]
    [InlineData("""[{"Name":"Chat"}]""", "Chat")]
    [InlineData("""[{"NAME":"a"},{"other":[1,{"name":"no"}],"name":"b"}]""", "a,b")]
    [InlineData("""[{"name":"\u0063hat"}]""", "chat")]
    public void Hubs_are_read_whatever_the_case_of_the_member(string text, string hubs) => Assert.Equal(hubs.Split(','), Read(text));

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[1]")]
    [InlineData("""["chat"]""")]
    [InlineData("""[{}]""")]
    [InlineData("""[{"name":1}]""")]
    [InlineData("""[{"name":null}]""")]
    [InlineData("""[{"name":""}]""")]
    [InlineData("""[{"name":"a"}] x""")]
    [InlineData("null null")]
    [InlineData("""[{"name":"a"},]""")]
    [InlineData("""[{"name":"\ud800"}]""")]
    [InlineData("""[{"\ud800":"a"}]""")]
    [InlineData("""[{"name":"chat"},{"name":"CHAT"}]""")]
    [InlineData("""[{"name":"chat"},{"name":"chat.room"}]""")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(ConnectionData.TryRead(text, 1000, 10, out var hubs, out var error));
        Assert.Empty(hubs);
        Assert.StartsWith("The connectionData ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_long_too_many_and_too_deep_are_refused()
    {
        Assert.False(ConnectionData.TryRead("""[{"name":"chat"}]""", 10, 10, out _, out _));
        Assert.False(ConnectionData.TryRead("""[{"name":"a"},{"name":"b"},{"name":"c"}]""", 1000, 2, out _, out _));
        Assert.False(ConnectionData.TryRead(new string('[', 100_000), 1_000_000, 10, out _, out _));
        Assert.False(ConnectionData.TryRead("[{\"a\":" + new string('[', 50) + new string(']', 50) + ",\"name\":\"x\"}]", 1000, 10, out _, out _));
    }

    private static IReadOnlyList<string> Read(string? text)
    {
        Assert.True(ConnectionData.TryRead(text, 1000, 10, out var hubs, out var error), error);
        return hubs;
    }
}
