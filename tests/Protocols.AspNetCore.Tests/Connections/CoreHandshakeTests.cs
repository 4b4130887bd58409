using System.Text;
using Tandem.Protocols.AspNetCore.Connections;

namespace Tandem.Protocols.AspNetCore.Tests.Connections;

public class CoreHandshakeTests
{
    [Fact]
    public void The_record_is_kept_as_sent_and_what_follows_is_left()
    {
        var bytes = Encoding.UTF8.GetBytes("{ \"version\":1, \"extra\":{\"a\":[1]}, \"protocol\":\"messagepack\" }\u001e");
        ReadOnlyMemory<byte> input = (byte[])[.. bytes, 1, 2];
        Assert.True(CoreHandshake.TryRead(ref input, out var handshake, out var error));
        Assert.Null(error);
        Assert.Equal("messagepack", handshake!.Protocol);
        Assert.Equal(bytes, handshake.Record.ToArray());
        Assert.Equal([1, 2], input.ToArray());
    }

    [Fact]
    public void Every_beginning_of_a_handshake_needs_more()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
        for (var length = 0; length < bytes.Length; length++)
        {
            ReadOnlyMemory<byte> input = bytes.AsMemory(0, length);
            Assert.False(CoreHandshake.TryRead(ref input, out _, out _));
        }
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "names no 'protocol'")]
    [InlineData("{\"protocol\":\"json\"}", "names no 'version'")]
    [InlineData("{\"protocol\":1,\"version\":1}", "not a text")]
    [InlineData("{\"protocol\":\"json\",\"version\":1", "not valid JSON")]
    [InlineData("{\"protocol\":\"json\\uD800\",\"version\":1}", "not valid JSON")]
    [InlineData("GET / HTTP/1.1", "not valid JSON")]
    public void Nonsense_is_refused_with_a_reason(string text, string reason)
    {
        ReadOnlyMemory<byte> input = Encoding.UTF8.GetBytes(text + "\u001e");
        Assert.True(CoreHandshake.TryRead(ref input, out var handshake, out var error));
        Assert.Null(handshake);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        ReadOnlyMemory<byte> input = Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 3000) + "\u001e");
        Assert.True(CoreHandshake.TryRead(ref input, out _, out var error));
        Assert.NotNull(error);
    }

    [Fact]
    public void A_handshake_without_end_is_refused()
    {
        ReadOnlyMemory<byte> input = new byte[CoreHandshake.MaxBytes];
        Assert.True(CoreHandshake.TryRead(ref input, out _, out var error));
        Assert.Contains("longer than", error, StringComparison.Ordinal);
    }
}
