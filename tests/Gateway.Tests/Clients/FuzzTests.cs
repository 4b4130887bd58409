using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Clients that send whatever comes to mind, beside one that behaves.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Fragments =
    [
        "{\"protocol\":\"json\",\"version\":1}\u001e", "{\"type\":6}\u001e", "{\"type\":1,\"target\":\"x\"}\u001e", "\u001e", "{", "}", "\"", "\0", "\u001e\u001e",
        "{\"protocol\":\"messagepack\",\"version\":1}\u001e", "{\"type\":7}\u001e", "\u0002\u0091\u0006", "\u007f", "ü", "{\"protocol\":",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_requests_and_frames_do_not_disturb_a_client_that_behaves(int seed)
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Core:MaxMessageBytes=4096");
        var server = await gateway.ConnectServerAsync();
        await using var good = await CoreSession.ConnectAsync(gateway, server);
        var answering = AnswerHandshakesAsync(server, good.Id);
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            await (random.Next(5) switch
            {
                0 => SendBytesAsync(gateway, random),
                1 => SendRequestAsync(gateway, random),
                2 => SendFramesAsync(gateway, random),
                3 => SendPostsAsync(gateway, random, RawTransport.LongPolling),
                _ => SendPostsAsync(gateway, random, RawTransport.ServerSentEvents),
            });
            if (round % 10 == 0)
            {
                await good.AssertAliveAsync($"round {round}");
            }
        }

        await good.AssertAliveAsync("end");
        await server.CloseAsync();
        Assert.Contains("\"allowReconnect\":true", await good.Client.TakeAsync());
        await answering;
    }

    /// <summary>Anything at all on a bare socket.</summary>
    private static async Task SendBytesAsync(TestGateway gateway, Random random)
    {
        string[] starts =
        [
            $"GET /client/?hub=chat&access_token={gateway.Tokens.Client()} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            $"POST /client/?hub=chat&id=x&access_token={gateway.Tokens.Client()} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            "POST /client/negotiate?hub=chat HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "GET /client HTTP/1.1\r\n\r\n",
            "CONNECT /client HTTP/1.1\r\nHost: x\r\n\r\n",
            "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n",
            "\u0016\u0003\u0001",
            string.Empty,
        ];
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(gateway.Url.Host, gateway.Url.Port);
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        await socket.SendAsync((byte[])[.. Encoding.Latin1.GetBytes(Pick(random, starts)), .. bytes]);
        if (random.Next(2) == 0)
        {
            // A reset instead of an orderly end.
            socket.LingerState = new LingerOption(true, 0);
        }
    }

    /// <summary>Any method and any query, with or without a good token.</summary>
    private static async Task SendRequestAsync(TestGateway gateway, Random random)
    {
        string[] ids = ["", "&id=", "&id=nobody", "&id=%00", "&id=a&id=b", "&id=" + new string('x', 5000), "&ID=%F0%9F", "&id[]=1"];
        string[] methods = ["GET", "POST", "DELETE", "PUT", "OPTIONS", "HEAD", "PATCH", "BREW"];
        using var request = new HttpRequestMessage(
            new HttpMethod(Pick(random, methods)), Pick(random, ["/client", "/client/", "/client/negotiate", "/client//", "/Client/Negotiate/"]) + "?hub=chat" + Pick(random, ids) + "&negotiateVersion=" + random.Next(-1, 3));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Pick(random, [gateway.Tokens.Client(), "rubbish", string.Empty]));
        request.Headers.TryAddWithoutValidation("Accept", Pick(random, ["text/event-stream", "*/*", ",;,"]));
        request.Headers.TryAddWithoutValidation("Origin", Pick(random, ["null", "https://x.example", "::"]));
        if (request.Method.Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new ByteArrayContent(Junk(random));
        }

        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True((int)response.StatusCode < 500, $"{request.Method} {request.RequestUri}: {response.StatusCode}");
    }

    /// <summary>A WebSocket with junk in any frames, that ends any way.</summary>
    private static async Task SendFramesAsync(TestGateway gateway, Random random)
    {
        await using var client = CoreSession.NewClient(gateway);
        using var socket = await client.OpenWebSocketAsync();
        try
        {
            for (var i = random.Next(6); i >= 0; i--)
            {
                await socket.SendAsync(Junk(random), random.Next(2) == 0 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, random.Next(3) > 0, CancellationToken.None);
            }

            if (random.Next(2) == 0)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidPayloadData, "bye", CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException or ArgumentException)
        {
            // The gateway has had enough; or the socket refuses to change the type in the middle of a message.
        }

        socket.Abort();
    }

    /// <summary>Polls or events, junk in POSTs, several at once, and an end at any moment.</summary>
    private static async Task SendPostsAsync(TestGateway gateway, Random random, RawTransport transport)
    {
        await using var client = CoreSession.NewClient(gateway);
        await client.StartAsync(transport);
        var (posts, polls) = (new List<Task<HttpResponseMessage>>(), new List<Task<HttpResponseMessage>>());
        for (var i = random.Next(5); i >= 0; i--)
        {
            posts.Add(client.PostAsync(Junk(random)));
            if (random.Next(3) == 0)
            {
                posts.Add(client.DeleteAsync());
            }

            if (random.Next(3) == 0 && transport == RawTransport.LongPolling)
            {
                polls.Add(client.PollAsync());
            }
        }

        if (random.Next(2) == 0)
        {
            client.Abort();
        }

        await AssertAnsweredAsync(posts);
        // Polls may wait for ever, and end with the client.
        client.Abort();
        await AssertAnsweredAsync(polls);
    }

    private static async Task AssertAnsweredAsync(IEnumerable<Task<HttpResponseMessage>> requests)
    {
        foreach (var request in requests)
        {
            try
            {
                using var response = await request.Within();
                Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, response.StatusCode.ToString());
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // Given up by this side.
            }
        }
    }

    /// <summary>The app server's part: some of the junk begins with a good handshake.</summary>
    private static async Task AnswerHandshakesAsync(ScriptedAppServer server, string except)
    {
        var closed = server.Closed;
        while (!closed.IsCompleted)
        {
            var next = server.TakeAsync<OpenConnectionMessage>(open => open.ConnectionId != except);
            if (await Task.WhenAny(next, closed) == next)
            {
                await server.SendAsync(new ConnectionDataMessage((await next).ConnectionId, "{}\u001e"u8.ToArray()));
            }
        }
    }

    private static byte[] Junk(Random random)
    {
        var bytes = new List<byte>();
        if (random.Next(2) == 0)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(Fragments[random.Next(2) * 9]));
        }

        for (var i = random.Next(6); i > 0; i--)
        {
            bytes.AddRange(random.Next(4) == 0 ? Encoding.UTF8.GetBytes(new string('y', random.Next(6000))) : Encoding.UTF8.GetBytes(Pick(random, Fragments)));
        }

        return [.. bytes];
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
