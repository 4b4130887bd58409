using Tandem.Compat.Matrix.Running;

namespace Tandem.Matrix.Tests;

public sealed class ValuesTests
{
    private static readonly Values Values = new("this run", who => new Member(NoDriver.CallAsync, who, Example.Run, $"user {who}"), "the group");

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("$user:other", "user other")]
    [InlineData("$kind:greeting", "greeting of this run")]
    [InlineData("$group:one", "one of this run")]
    [InlineData("$numbers", "the group")]
    public void Text_Stands_for_something(string text, string expected) => Assert.Equal(expected, Values.Text(text));

    [Fact]
    public void Text_That_stands_for_nothing_Is_an_error() => Assert.Contains("$nobody", Assert.Throws<InvalidDataException>(() => Values.Text("$nobody")).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_Long_Has_no_piece_twice()
    {
        var text = Values.Text("$text:60004");

        Assert.Equal(60004, text.Length);
        Assert.Equal(7501, text.Chunk(8).Select(piece => new string(piece)).Distinct().Count());
    }

    [Fact]
    public void Value_Replaces_texts_at_every_depth() => Assert.Equivalent(
        new Dictionary<string, object> { ["users"] = new object[] { "user client", new object[] { "user other" } } },
        Values.Value(Example.Json("""{ "users": ["$user:client", ["$user:other"]] }""")));
}
