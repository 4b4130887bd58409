using System.Text;

namespace Tandem.Protocols.Service.Tests;

/// <summary>The frame in a frame that classic app servers send.</summary>
public class NestedPayloadTests
{
    [Fact]
    public void Json_is_wrapped_as_classic_app_servers_do()
    {
        // [6, "", bin("{}"), {}] behind its length.
        Assert.Equal("08" + "94" + "06" + "A0" + "C4027B7D" + "80", Convert.ToHexString(NestedPayload.Wrap("{}"u8.ToArray())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(3_000_000)]
    public void What_was_wrapped_is_read_back(int length)
    {
        var json = Encoding.UTF8.GetBytes(new string('x', length));

        Assert.True(NestedPayload.TryRead(NestedPayload.Wrap(json), out var read));

        Assert.True(read.Span.SequenceEqual(json));
    }

    [Fact]
    public void An_inner_frame_with_extensions_is_read_too()
    {
        var wrapped = ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(string.Empty, "{}"u8.ToArray()) { TracingId = 7 });

        Assert.True(NestedPayload.TryRead(wrapped, out var read));

        Assert.Equal("{}", Encoding.UTF8.GetString(read.Span));
    }

    [Fact]
    public void Anything_else_is_no_nested_payload()
    {
        var wrapped = NestedPayload.Wrap("{}"u8.ToArray());
        for (var length = 0; length < wrapped.Length; length++)
        {
            Assert.False(NestedPayload.TryRead(wrapped.AsMemory(0, length), out _));
        }

        Assert.False(NestedPayload.TryRead((byte[])[.. wrapped, 0], out _));
        Assert.False(NestedPayload.TryRead("{\"type\":6}\u001e"u8.ToArray(), out _));
        Assert.False(NestedPayload.TryRead(ServiceProtocolWriter.WriteToArray(PingMessage.KeepAlive), out _));
        Assert.False(NestedPayload.TryRead((byte[])[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], out _));
    }
}
