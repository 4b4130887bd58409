using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Tandem.Testing;

/// <content>The receiving side, and sending.</content>
public sealed partial class RawCoreClient
{
    /// <summary>Negotiates and connects; fails when the gateway refuses either.</summary>
    public async Task StartAsync(RawTransport transport)
    {
        using var answer = await NegotiateAsync();
        answer.EnsureSuccessStatusCode();
        await ConnectAsync(transport);
    }

    /// <summary>Opens the receiving side, and receives until it ends.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="reads">False: opens it, and reads nothing (WebSockets only).</param>
    public async Task ConnectAsync(RawTransport transport, bool reads = true)
    {
        Transport = transport;
        switch (transport)
        {
            case RawTransport.WebSockets:
                _socket = await OpenWebSocketAsync();
                _pump = reads ? ReceiveWebSocketAsync(_socket) : Task.CompletedTask;
                break;
            case RawTransport.ServerSentEvents:
                var stream = await RequestAsync(
                    HttpMethod.Get, Url(), accept: "text/event-stream", completion: HttpCompletionOption.ResponseHeadersRead, cancellationToken: _stop.Token);
                stream.EnsureSuccessStatusCode();
                _pump = ReceiveEventsAsync(stream);
                break;
            default:
                using (var first = await PollAsync(_stop.Token))
                {
                    first.EnsureSuccessStatusCode();
                }

                _pump = reads ? ReceivePollsAsync() : Task.CompletedTask;
                break;
        }
    }

    /// <summary>Opens a WebSocket and leaves it alone.</summary>
    public async Task<ClientWebSocket> OpenWebSocketAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.CollectHttpResponseDetails = true;
        if (Token is not null && !TokenInQuery)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + Token);
        }

        foreach (var (name, value) in Headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        var url = new Uri("ws://" + Gateway.Authority + Url());
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectSocketAsync, UseCookies = false };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        try
        {
            await socket.ConnectAsync(url, invoker, CancellationToken.None).Within();
        }
        catch (WebSocketException exception) when (socket.HttpStatusCode != 0)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw new HttpRequestException("The gateway refused the WebSocket.", exception, status);
        }

        return socket;
    }

    /// <summary>The status a WebSocket is refused with.</summary>
    public async Task<HttpStatusCode?> RefusedWebSocketAsync()
    {
        try
        {
            using var socket = await OpenWebSocketAsync();
            return null;
        }
        catch (HttpRequestException exception)
        {
            return exception.StatusCode;
        }
    }

    /// <summary>Sends as one WebSocket message or one POST, which must be accepted.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_socket is not null)
        {
            await SendFrameAsync(bytes);
            return;
        }

        using var response = await PostAsync(bytes);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new HttpRequestException(await response.Content.ReadAsStringAsync(), null, response.StatusCode);
        }
    }

    /// <summary>Sends JSON records, each ended with 0x1E here.</summary>
    public Task SendAsync(params string[] records) =>
        SendAsync(Encoding.UTF8.GetBytes(string.Concat(records.Select(static record => record + RecordSeparator))));

    /// <summary>Sends one WebSocket frame.</summary>
    public async Task SendFrameAsync(ReadOnlyMemory<byte> bytes, bool endOfMessage = true) =>
        await _socket!.SendAsync(bytes, IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage, CancellationToken.None).AsTask().Within();

    /// <summary>Ends the connection the way the transport has for it.</summary>
    public async Task CloseAsync()
    {
        switch (Transport)
        {
            case RawTransport.WebSockets:
                await _socket!.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();
                break;
            case RawTransport.ServerSentEvents:
                await _stop.CancelAsync();
                break;
            default:
                using (var response = await DeleteAsync())
                {
                    response.EnsureSuccessStatusCode();
                }

                break;
        }
    }

    /// <summary>Receives what a client that was opened without reading has not read yet.</summary>
    public void StartReading() => _pump = _socket is null ? ReceivePollsAsync() : ReceiveWebSocketAsync(_socket);

    private async ValueTask<Stream> ConnectSocketAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (ReceiveBufferBytes is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task ReceiveWebSocketAsync(ClientWebSocket socket)
    {
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    // First: the answer may fail, when this side has begun to close at the same moment.
                    _ended.TrySetResult(new RawEnd(true, socket.CloseStatus));
                    if (socket.State == WebSocketState.CloseReceived)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }

                    return;
                }

                message.Write(buffer, 0, result.Count);
                if (result.EndOfMessage)
                {
                    Received(new RawPiece(message.ToArray(), result.MessageType));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }

    private async Task ReceiveEventsAsync(HttpResponseMessage response)
    {
        using var answer = response;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var data = new List<string>();
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.Length == 0 && data.Count > 0)
                {
                    Received(new RawPiece(Encoding.UTF8.GetBytes(string.Join('\n', data))));
                    data.Clear();
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    data.Add(line[6..]);
                }
                else if (line.Length > 0 && !line.StartsWith(':'))
                {
                    throw new InvalidDataException("Not an event stream: " + line);
                }
            }

            _ended.TrySetResult(new RawEnd(data.Count == 0));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }

    private async Task ReceivePollsAsync()
    {
        try
        {
            while (true)
            {
                using var response = await PollAsync(_stop.Token);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    _ended.TrySetResult(new RawEnd(response.StatusCode == HttpStatusCode.NoContent, Status: (int)response.StatusCode));
                    return;
                }

                var bytes = await response.Content.ReadAsByteArrayAsync(_stop.Token);
                if (bytes.Length > 0)
                {
                    Received(new RawPiece(bytes, ContentType: response.Content.Headers.ContentType?.ToString()));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }
}
