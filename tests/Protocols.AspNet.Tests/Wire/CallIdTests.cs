using System.Text;
using CsCheck;
using Tandem.Protocols.AspNet.Wire;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class CallIdTests
{
    [Theory]
    [InlineData("""{"H":"chat","M":"m","A":[{"I":9}],"I":0}""", "0")]
    [InlineData("""{"I":"12","H":"chat","M":"m","A":[]}""", "12")]
    [InlineData("""{"h":"chat","m":"m","a":[],"i":7}""", "7")]
    [InlineData("""{"H":"chat","I":"\u0041"}""", "A")]
    [InlineData("""{"I":1,"I":2}""", "2")]
    [InlineData("""{"S":{"I":5},"R":["I",6],"I":"1"}""", "1")]
    [InlineData("""{"I":null}""", null)]
    [InlineData("""{"H":"chat"}""", null)]
    [InlineData("{}", null)]
    public void The_id_of_a_call_is_found(string json, string? id)
    {
        Assert.True(TryRead(json, out var read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"I":0}x""")]
    [InlineData("""{"I":0}{"I":1}""")]
    [InlineData("""{"I":true}""")]
    [InlineData("""{"I":[]}""")]
    [InlineData("""{"I":"\ud800"}""")]
    [InlineData("""{"I":0,}""")]
    [InlineData("asrs:reconnect")]
    public void Anything_else_is_refused(string json) => Assert.False(TryRead(json, out _));

    [Fact]
    public void Arguments_deeper_than_a_hub_takes_pass_and_the_absurd_does_not()
    {
        static string Nested(int depth) => $$"""{"A":{{new string('[', depth)}}{{new string(']', depth)}},"I":7}""";

        Assert.True(TryRead(Nested(30), out var id));
        Assert.Equal("7", id);
        Assert.False(TryRead(Nested(100_000), out _));
        Assert.False(TryRead(new string('{', 100_000), out _));
        Assert.False(TryRead($$"""{"I":"{{new string('x', 200)}}"}""", out _));
        Assert.False(TryRead($$"""{"I":{{new string('1', 200)}}}""", out _));
    }

    [Fact]
    public void Results_may_be_nested_as_deeply_as_they_like()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"R":{{new string('[', 100_000)}}{{new string(']', 100_000)}},"I":"7"}""");

        Assert.True(CallId.TryReadResult(json, out var id));
        Assert.Equal("7", id.Text);
        Assert.False(CallId.TryReadResult(json.AsSpan(0, 150_000), out _));
        Assert.False(CallId.TryReadResult([], out _));
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        CallId.TryRead(bytes, out _);
        CallId.TryRead([.. "{\"I\":"u8, .. bytes], out _);
        return true;
    });

    [Fact]
    public void A_call_cut_anywhere_is_refused()
    {
        const string Whole = """{"H":"chat","M":"m","A":["ü"],"I":"0"}""";
        for (var length = 0; length < Encoding.UTF8.GetByteCount(Whole); length++)
        {
            Assert.False(CallId.TryRead(Encoding.UTF8.GetBytes(Whole).AsSpan(0, length), out _));
        }
    }

    private static bool TryRead(string json, out string? id)
    {
        var read = CallId.TryRead(Encoding.UTF8.GetBytes(json), out var call);
        id = call.Text;
        return read;
    }
}
