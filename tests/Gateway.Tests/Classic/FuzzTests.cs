using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>Clients that send whatever comes to mind, beside one that behaves.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Transports = ["webSockets", "serverSentEvents", "longPolling"];
    private static readonly string[] Suffixes = ["negotiate", "connect", "reconnect", "start", "poll", "send", "abort", "ping", "hubs", "js", "", "x", "connect/", "send%00", "..", "negotiate/negotiate"];

    private static readonly string[] Junk =
    [
        "", "{}", "{", "[]", "null", "\"", "\0", "{\"H\":\"chat\",\"M\":\"m\",\"A\":[],\"I\":0}", "{\"I\":{}}", "{\"i\":1e999}", "asrs:reconnect", "\ud83d\ude00",
        "{\"H\":\"chat\",\"M\":\"m\",\"A\":[{\"$type\":\"x\"}],\"I\":\"P|0\"}", "{\"C\":\"0\",\"M\":[]}",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_requests_and_frames_do_not_disturb_a_client_that_behaves(int seed)
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Classic:MaxMessageBytes=4096", "Tandem:Classic:Applications:shop:AllowAnonymous=true");
        // The last is the web server's own word for a client that resets its connection in the middle of a body.
        gateway.Log.Expect("ReplayMissed", "Refused", "ApplicationError");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var good = await ClassicSession.StartAsync(gateway, server, Transports[seed % 3]);
        var random = new Random(seed);
        var tokens = new List<string> { "garbage", string.Empty, "a=b", new('x', 9000) };
        for (var round = 0; round < 60; round++)
        {
            await (random.Next(4) switch
            {
                0 => SendBytesAsync(gateway, random, tokens),
                1 => SendFramesAsync(gateway, random, tokens),
                _ => SendRequestsAsync(gateway, random, tokens),
            });
            if (round % 10 == 0)
            {
                await good.AssertAliveAsync($"round {round}");
            }
        }

        await good.AssertAliveAsync("end");
        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is CloseConnectionMessage close && close.ConnectionId == good.Id);
    }

    // Not polls: each acknowledges what the one before brought, so that racing ones say that they have seen what they have not, and are told of a gap. That
    // a second poll takes the place of the first is a test of its own.
    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    public async Task Streams_that_race_for_one_connection_leave_it_with_one(string transport)
    {
        const int Rounds = 15;
        const int Streams = 3;
        await using var gateway = await TestGateway.StartAsync("Tandem:Classic:ReplayMessages=100000", "Tandem:Classic:ReplayBytes=100000000");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server, transport);
        using var stop = new CancellationTokenSource();
        var sending = SendNumbersAsync(server, session.Id, stop.Token);
        for (var round = 0; round < Rounds; round++)
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => session.Client.OpenAsync("reconnect"))).Within();
            await Task.WhenAll(opened.Select(stream => stream.CutAsync()));
            await session.Stream.CutAsync();
        }

        await stop.CancelAsync();
        await sending;
        // A stream that was cut before it was attached would take the place of the last one.
        await Eventually.TrueAsync(
            () => gateway.Log.Entries.Count(entry => entry.EventName == "StreamEnded") > Rounds * Streams, "all streams have ended");

        session.Stream = await session.Client.ReconnectAsync();
        await server.InvokeAsync(session.Id, "say", "marker");
        while (!(await session.Stream.TakeItemAsync()).Contains("marker", StringComparison.Ordinal))
        {
            // Numbers that waited.
        }

        await server.Application.SyncAsync();
        Assert.DoesNotContain(server.Application.Received, message => message is CloseConnectionMessage or OpenConnectionMessage);
    }

    private static async Task SendNumbersAsync(ClassicAppServer server, string id, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await server.InvokeAsync(id, "say", i);
            await server.Application.SyncAsync();
        }
    }

    private static async Task SendBytesAsync(TestGateway gateway, Random random, List<string> tokens)
    {
        string[] starts =
        [
            $"GET /signalr/connect?transport=webSockets&connectionToken={Pick(random, tokens)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            $"POST /signalr/send?transport=longPolling&connectionToken={Pick(random, tokens)} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata=",
            $"POST /signalr/poll?transport=longPolling&connectionToken={Pick(random, tokens)} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nmessageId=",
            "GET /signalr/negotiate HTTP/1.0\r\n\r\n",
        ];
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(gateway.Url.Host, gateway.Url.Port);
        var bytes = new byte[random.Next(100)];
        random.NextBytes(bytes);
        await socket.SendAsync((byte[])[.. Encoding.Latin1.GetBytes(Pick(random, starts)), .. bytes]);
        socket.LingerState = new LingerOption(true, 0);
    }

    private static async Task SendFramesAsync(TestGateway gateway, Random random, List<string> tokens)
    {
        await using var client = await NewClientAsync(gateway, random, tokens);
        client.Transport = "webSockets";
        try
        {
            using var socket = await client.OpenSocketAsync(client.Url(Pick(random, ["connect", "reconnect"]), Pick(random, [null, "x", "AAAA0000000000000001"])));
            if (random.Next(2) == 0)
            {
                await client.StartAsync();
            }

            for (var i = random.Next(6); i >= 0; i--)
            {
                await socket.SendAsync(
                    Encoding.UTF8.GetBytes(random.Next(5) == 0 ? new string('[', random.Next(9000)) : Pick(random, Junk)),
                    random.Next(8) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text,
                    random.Next(3) > 0,
                    CancellationToken.None);
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
        catch (HttpRequestException exception)
        {
            Assert.True(exception.StatusCode is < HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, exception.ToString());
        }
    }

    private static async Task SendRequestsAsync(TestGateway gateway, Random random, List<string> tokens)
    {
        await using var client = await NewClientAsync(gateway, random, tokens);
        using var stop = new CancellationTokenSource();
        var requests = Enumerable.Range(0, random.Next(1, 8)).Select(_ => SendRequestAsync(client, random, stop.Token)).ToArray();
        await Task.WhenAny(Task.WhenAll(requests), Eventually.TrueAsync(() => requests.Any(request => request.IsCompleted), "an answer"));
        await stop.CancelAsync();
        await Task.WhenAll(requests).Within();
    }

    private static async Task SendRequestAsync(RawClassicClient client, Random random, CancellationToken stop)
    {
        client.Transport = Pick(random, [.. Transports, "foreverFrame", "", "\u0000"]);
        client.ConnectionData = random.Next(3) > 0 ? client.ConnectionData : Pick(random, [null, "", "x", "[{}]", "[{\"name\":\"chat\"},{\"name\":\"chat\"}]", new string('[', 5000)]);
        var method = new HttpMethod(Pick(random, ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"]));
        var content = method.Method is "GET" or "HEAD" ? null : Pick<HttpContent?>(random,
        [
            null, new StringContent(Pick(random, Junk)), new FormUrlEncodedContent([new("data", Pick(random, Junk))]), new FormUrlEncodedContent([new("messageId", "x"), new("groupsToken", "y")]),
            new ByteArrayContent("data=%zz%ff&&&=&data"u8.ToArray()), new StringContent(string.Join('&', Enumerable.Range(0, 200))),
        ]);
        try
        {
            using var response = await client.RequestAsync(method, client.Url(Pick(random, Suffixes), Pick(random, [null, "x"])), content, HttpCompletionOption.ResponseHeadersRead, stop);
            Assert.True(response.StatusCode is < HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, $"{response.StatusCode} {response.RequestMessage!.RequestUri}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            // Given up by this side, or no URL at all.
        }
    }

    private static async Task<RawClassicClient> NewClientAsync(TestGateway gateway, Random random, List<string> tokens)
    {
        var client = new RawClassicClient(gateway.Url, random.Next(4) > 0 ? gateway.Tokens.ClassicClient() : null)
        {
            Path = Pick(random, ["/aspnetclient", "/signalr"]),
            Protocol = Pick(random, [null, "1.3", "1.5", "2.0", "2.1", "x"]),
        };
        if (client.Token is null)
        {
            client.Path = "/signalr";
        }

        await client.NegotiateAsync();
        tokens.Add(client.ConnectionToken!);
        if (random.Next(4) == 0)
        {
            client.ConnectionToken = Pick(random, tokens);
        }

        return client;
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
