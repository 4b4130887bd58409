using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Clients that send too much, or nonsense: they are closed with an error, and nobody else notices.</summary>
public sealed class LimitTests
{
    private const int MaxBytes = 2000;
    private const string Setting = "Tandem:Core:MaxMessageBytes=2000";

    public static TheoryData<RawTransport, string> Combinations => new()
    {
        { RawTransport.WebSockets, "json" },
        { RawTransport.WebSockets, "messagepack" },
        { RawTransport.ServerSentEvents, "json" },
        { RawTransport.LongPolling, "json" },
        { RawTransport.LongPolling, "messagepack" },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task A_message_that_is_too_large_ends_its_client_and_what_came_before_it_is_delivered(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync(Setting);
        var server = await gateway.ConnectServerAsync();
        await using var other = await CoreSession.ConnectAsync(gateway, server);
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        var fits = Message(protocol, MaxBytes);

        await SendAsync([.. fits, .. Message(protocol, MaxBytes + 1), .. fits]);

        Assert.Equal(fits, await session.TakeUpAsync(fits.Length));
        await AssertClosedAsync(session, "larger than the gateway allows", WebSocketCloseStatus.MessageTooBig);
        Assert.Contains("larger", (await session.TakeCloseAsync()).Error);
        await other.AssertAliveAsync();
        Assert.DoesNotContain(server.Received, message => message is ConnectionDataMessage);

        async Task SendAsync(byte[] bytes)
        {
            if (transport == RawTransport.WebSockets)
            {
                await session.Client.SendAsync(bytes);
                return;
            }

            using var post = await session.Client.PostAsync(bytes);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, post.StatusCode);
            Assert.Contains("larger", await post.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task A_message_without_an_end_is_not_collected_for_ever(string protocol)
    {
        await using var gateway = await TestGateway.StartAsync(Setting);
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, protocol: protocol);

        if (protocol == "json")
        {
            for (var i = 0; i < 3; i++)
            {
                await session.Client.SendFrameAsync(new byte[1000], endOfMessage: false);
            }
        }
        else
        {
            // The announcement is enough.
            await session.Client.SendFrameAsync(Prefixed(MaxBytes + 1).AsMemory(0, 2), endOfMessage: false);
        }

        await AssertClosedAsync(session, "larger", WebSocketCloseStatus.MessageTooBig);
    }

    [Theory]
    [InlineData(RawTransport.WebSockets)]
    [InlineData(RawTransport.LongPolling)]
    public async Task A_length_that_is_none_breaks_the_protocol(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var other = await CoreSession.ConnectAsync(gateway, server);
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, "messagepack");
        byte[] nonsense = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];

        if (transport == RawTransport.WebSockets)
        {
            await session.Client.SendAsync(nonsense);
        }
        else
        {
            using var post = await session.Client.PostAsync(nonsense);
            Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
        }

        await AssertClosedAsync(session, "broke the protocol", WebSocketCloseStatus.ProtocolError);
        await session.TakeCloseAsync();
        await other.AssertAliveAsync();
    }

    [Fact]
    public async Task A_message_of_an_app_server_that_is_too_large_ends_the_client_it_was_for()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        gateway.Log.Expect("Oversized");
        var server = await gateway.ConnectServerAsync();
        await using var other = await CoreSession.ConnectAsync(gateway, server);
        await using var session = await CoreSession.ConnectAsync(gateway, server);

        await session.SendDownAsync(new string('x', 70_000));

        await AssertClosedAsync(session, "larger", WebSocketCloseStatus.MessageTooBig);
        await session.TakeCloseAsync();
        await other.AssertAliveAsync();
    }

    [Theory]
    [InlineData(RawTransport.ServerSentEvents, "json")]
    [InlineData(RawTransport.LongPolling, "messagepack")]
    public async Task Many_messages_in_one_request_are_delivered_however_many_bytes_they_are(RawTransport transport, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, transport, protocol);
        // More than Kestrel's default for a body, 30 MB.
        byte[] messages = [.. Enumerable.Repeat(Message(protocol, 1_000_000), 31).SelectMany(static message => message)];

        var posted = session.Client.PostAsync(messages);
        var arrived = await session.TakeUpAsync(messages.Length);

        using var post = await posted;
        Assert.Equal(HttpStatusCode.Accepted, post.StatusCode);
        Assert.True(messages.AsSpan().SequenceEqual(arrived));
        Assert.Empty(session.Client.Records);
    }

    [Fact]
    public async Task A_message_larger_than_the_web_server_takes_as_a_body_is_refused_like_any_other_that_is_too_large()
    {
        await using var gateway = await TestGateway.StartAsync(Setting);
        var server = await gateway.ConnectServerAsync();
        await using var other = await CoreSession.ConnectAsync(gateway, server);
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.ServerSentEvents);

        using var post = await session.Client.PostAsync(Message("json", 31_000_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, post.StatusCode);
        Assert.Contains("A message is larger", await post.Content.ReadAsStringAsync());
        await AssertClosedAsync(session, "larger than the gateway allows", WebSocketCloseStatus.MessageTooBig);
        await session.TakeCloseAsync();
        await other.AssertAliveAsync();
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_refused_and_harms_nobody()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var session = await CoreSession.ConnectAsync(gateway, server, RawTransport.ServerSentEvents);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(gateway.Url.Host, gateway.Url.Port).Within();

        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {session.Client.Url()} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {session.Client.Token}\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nno length\r\n")).AsTask().Within();

        using var answer = new StreamReader(tcp.GetStream());
        Assert.Equal("HTTP/1.1 400 Bad Request", await answer.ReadLineAsync().Within());
        await session.AssertAliveAsync();
    }

    private static byte[] Message(string protocol, int bytes) =>
        protocol == "json" ? [.. Encoding.ASCII.GetBytes(new string('x', bytes)), (byte)RawCoreClient.RecordSeparator] : Prefixed(bytes);

    private static byte[] Prefixed(int bytes) => DataTests.Prefixed(bytes);

    private static async Task AssertClosedAsync(CoreSession session, string text, WebSocketCloseStatus status)
    {
        var close = Encoding.UTF8.GetString(await session.Client.TakeBytesAsync());
        Assert.Contains(text, close);
        Assert.DoesNotContain("allowReconnect", close);
        var end = await session.Client.Ended;
        Assert.True(end.Orderly);
        Assert.Equal(session.Client.Transport == RawTransport.WebSockets ? status : null, end.CloseStatus);
    }
}
