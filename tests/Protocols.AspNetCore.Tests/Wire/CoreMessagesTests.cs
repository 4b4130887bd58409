using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.AspNetCore.Wire;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

/// <summary>The gateway's own hub messages, read back with ASP.NET Core's hub protocols.</summary>
public class CoreMessagesTests
{
    public static TheoryData<string?, bool> Closes => new()
    {
        { null, false },
        { null, true },
        { "short", false },
        { "A sentence that is longer than thirty-one bytes. Ünïcode 漢字 too.", true },
        { new string('x', 70_000), true },
    };

    [Theory]
    [MemberData(nameof(Closes))]
    public void A_json_close_is_read_as_it_was_meant(string? error, bool allowReconnect)
    {
        var close = Read<CloseMessage>(new JsonHubProtocol(), CoreMessages.JsonClose(error, allowReconnect));
        Assert.Equal(error, close.Error);
        Assert.Equal(allowReconnect, close.AllowReconnect);
    }

    [Theory]
    [MemberData(nameof(Closes))]
    public void A_messagepack_close_is_read_as_it_was_meant(string? error, bool allowReconnect)
    {
        var close = Read<CloseMessage>(new MessagePackHubProtocol(), CoreMessages.MessagePackClose(error, allowReconnect));
        Assert.Equal(error is { Length: > ushort.MaxValue } ? error[..ushort.MaxValue] : error, close.Error);
        Assert.Equal(allowReconnect, close.AllowReconnect);
    }

    [Fact]
    public void Pings_are_pings()
    {
        Read<PingMessage>(new JsonHubProtocol(), CoreMessages.JsonPing);
        Read<PingMessage>(new MessagePackHubProtocol(), CoreMessages.MessagePackPing);
    }

    [Fact]
    public void A_handshake_error_is_a_handshake_response()
    {
        var input = new ReadOnlySequence<byte>(CoreMessages.HandshakeError("no \"luck\""));
        Assert.True(HandshakeProtocol.TryParseResponseMessage(ref input, out var response));
        Assert.Equal("no \"luck\"", response.Error);
    }

    [Fact]
    public void An_event_carries_every_line_of_a_payload()
    {
        var encoder = new ServerSentEventsFrameEncoder("json");
        string Encode(string payload) => Encoding.UTF8.GetString(encoder.Encode(Encoding.UTF8.GetBytes(payload)).Span);
        Assert.Equal("data: {}\u001e\r\n\r\n", Encode("{}\u001e"));
        Assert.Equal("data: {\r\ndata: }\u001e\r\n\r\n", Encode("{\n}\u001e"));
        Assert.Equal("data: {\r\ndata: }\u001e\r\n\r\n", Encode("{\r\n}\u001e"));
    }

    private static T Read<T>(IHubProtocol protocol, ReadOnlyMemory<byte> bytes)
        where T : HubMessage
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.True(protocol.TryParseMessage(ref input, new NoBinder(), out var message));
        Assert.True(input.IsEmpty);
        return Assert.IsType<T>(message);
    }

    private sealed class NoBinder : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [];

        public Type GetReturnType(string invocationId) => typeof(object);

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
