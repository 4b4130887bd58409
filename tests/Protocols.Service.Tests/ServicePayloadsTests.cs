namespace Tandem.Protocols.Service.Tests;

public class ServicePayloadsTests
{
    [Fact]
    public void A_protocol_is_found_whatever_its_case()
    {
        var payloads = new ServicePayloads(new("json", "J"u8.ToArray()), new("MessagePack", "M"u8.ToArray()));

        Assert.True(payloads.TryGet("JSON", out var json));
        Assert.Equal("J"u8, json.Span);
        Assert.True(payloads.TryGet("messagepack", out var messagePack));
        Assert.Equal("M"u8, messagePack.Span);
        Assert.False(payloads.TryGet("blazorpack", out var none));
        Assert.True(none.IsEmpty);
    }

    [Fact]
    public void The_first_of_two_entries_counts()
    {
        var payloads = new ServicePayloads(new("json", "1"u8.ToArray()), new("JSON", "2"u8.ToArray()));

        Assert.True(payloads.TryGet("Json", out var bytes));
        Assert.Equal("1"u8, bytes.Span);
    }

    [Fact]
    public void No_payloads_are_empty()
    {
        Assert.True(default(ServicePayloads).Items.IsEmpty);
        Assert.False(default(ServicePayloads).TryGet("json", out _));
        Assert.True(new ServicePayloads().Items.IsEmpty);
    }
}
