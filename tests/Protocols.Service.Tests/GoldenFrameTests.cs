using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class GoldenFrameTests
{
    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void A_message_is_written_byte_for_byte_as_the_SDK_does(string name)
    {
        var golden = GoldenFrames.All[name];

        Assert.Equal(golden.Hex, Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(golden.Message)));
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void A_frame_of_the_SDK_is_read_with_all_its_fields_and_written_back(string name)
    {
        var golden = GoldenFrames.All[name];

        var message = ServiceProtocolReader.Read(golden.Body);

        Assert.Equal(MessageText.Of(golden.Message), MessageText.Of(message));
        Assert.Equal(golden.Hex, Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(message)));
    }

    [Fact]
    public void Every_message_class_has_a_golden_frame()
    {
        var classes = typeof(ServiceMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ServiceMessage)) && type != typeof(UnknownMessage));

        Assert.Equal(
            classes.Select(type => type.Name).Order(),
            GoldenFrames.All.Values.Select(golden => golden.Message.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void Every_type_number_of_the_protocol_has_a_golden_frame()
    {
        Assert.Equal(
            Enumerable.Range(1, 38),
            GoldenFrames.All.Values.Select(golden => (int)golden.Body[1]).Distinct().Order());
    }

    [Fact]
    public void No_error_is_written_as_the_empty_text_because_that_is_what_the_SDK_writes()
    {
        Assert.Equal("059402a080c0", Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(new HandshakeResponseMessage(null))));
        Assert.Equal("079505a163a08080", Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(new CloseConnectionMessage("c", null, []))));
    }

    [Fact]
    public void A_field_of_newer_versions_is_written_only_when_it_is_used()
    {
        var request = new HandshakeRequestMessage(1, ServerConnectionKind.Default, allowStatefulReconnects: true);
        var ack = new AckMessage(5, AckStatus.Ok, "m", "P"u8.ToArray());

        Assert.Equal("0897010100a00080c3", Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(request)));
        Assert.Equal("0a96140501a16d80c40150", Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(ack)));
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void A_tracing_id_is_written_only_where_the_SDK_can_read_it(string name)
    {
        var golden = GoldenFrames.All[name];
        var message = ServiceProtocolReader.Read(golden.Body);
        // Pings have no extensions, and the one that carries nothing is shared.
        if (message is PingMessage)
        {
            return;
        }

        message.TracingId = 7;
        var read = ServiceProtocolReader.Read(Frames.Body(ServiceProtocolWriter.WriteToArray(message)));

        // SDK 1.25 does not skip the value of a key that it does not expect, and fails on it as the next key.
        var untraced = message is HandshakeRequestMessage or HandshakeResponseMessage or ServiceErrorMessage or AckMessage or ServiceEventMessage
            or AccessKeyRequestMessage or AccessKeyResponseMessage or ServiceMappingMessage or ConnectionReconnectMessage;
        Assert.Equal(untraced ? null : 7UL, read.TracingId);
    }

    [Fact]
    public void An_unknown_message_cannot_be_written()
    {
        Assert.Throws<ArgumentException>(() => ServiceProtocolWriter.WriteToArray(new UnknownMessage(99)));
        // And leaves nothing behind for the next one.
        Assert.Equal("029103", Convert.ToHexStringLower(ServiceProtocolWriter.WriteToArray(PingMessage.KeepAlive)));
    }
}
