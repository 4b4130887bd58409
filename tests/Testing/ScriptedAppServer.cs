using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>One server connection of an app server that does what the test says, byte by byte if need be.</summary>
public sealed class ScriptedAppServer : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly MessageLog<ServiceMessage> _received = new();
    private readonly TaskCompletionSource<WebSocketCloseStatus?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pump;

    private ScriptedAppServer(ClientWebSocket socket, bool reads)
    {
        _socket = socket;
        if (reads)
        {
            _reads.SetResult();
        }

        _pump = PumpAsync();
    }

    /// <summary>What came and was not taken.</summary>
    public IReadOnlyList<ServiceMessage> Received => _received.Items;

    /// <summary>Completes when the gateway has closed, with its status; null when the connection was cut.</summary>
    public Task<WebSocketCloseStatus?> Closed => _closed.Task.Within();

    /// <summary>Opens the WebSocket.</summary>
    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="token">The access token.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="serverId">Value of the server id header; null for none.</param>
    /// <param name="connectionId">Name of the connection; null for none.</param>
    /// <param name="path">The path.</param>
    /// <param name="tokenInQuery">Sends the token in the query instead of the header.</param>
    /// <param name="reads">False: reads nothing until <see cref="StartReading"/>.</param>
    public static async Task<ScriptedAppServer> OpenAsync(
        Uri gateway,
        string? token,
        string hub = "chat",
        string? serverId = null,
        string? connectionId = null,
        string path = "/server/",
        bool tokenInQuery = false,
        bool reads = true)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.CollectHttpResponseDetails = true;
        var query = $"?hub={Uri.EscapeDataString(hub)}" + (connectionId is null ? string.Empty : $"&cid={connectionId}");
        if (tokenInQuery)
        {
            query += $"&access_token={token}";
        }
        else if (token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        }

        if (serverId is not null)
        {
            socket.Options.SetRequestHeader(ServiceHeaders.ServerId, serverId);
        }

        var url = new UriBuilder(gateway) { Scheme = "ws", Path = path, Query = query };
        await socket.ConnectAsync(url.Uri, CancellationToken.None).Within();
        return new ScriptedAppServer(socket, reads);
    }

    /// <summary>Lets a connection that was opened without reading read.</summary>
    public void StartReading() => _reads.TrySetResult();

    /// <summary>Shakes hands; fails when the gateway refuses.</summary>
    public async Task<HandshakeResponseMessage> HandshakeAsync(
        ServerConnectionKind kind = ServerConnectionKind.Default, MigrationLevel migration = MigrationLevel.Off)
    {
        await SendAsync(new HandshakeRequestMessage(1, kind, migrationLevel: migration));
        var response = await TakeAsync<HandshakeResponseMessage>();
        return string.IsNullOrEmpty(response.Error) ? response : throw new InvalidOperationException("Handshake refused: " + response.Error);
    }

    public Task SendAsync(ServiceMessage message) => SendBytesAsync(ServiceProtocolWriter.WriteToArray(message));

    /// <summary>Sends bytes as one WebSocket message.</summary>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).AsTask().Within();

    public Task SendTextAsync() =>
        _socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();

    /// <summary>Takes the first message of a type that came, waiting for it.</summary>
    public async Task<TMessage> TakeAsync<TMessage>(Func<TMessage, bool>? match = null)
        where TMessage : ServiceMessage =>
        (TMessage)await _received.TakeAsync(message => message is TMessage typed && (match is null || match(typed)), typeof(TMessage).Name);

    /// <summary>Takes the ping that carries a key.</summary>
    public Task<PingMessage> TakePingAsync(string key) => TakeAsync<PingMessage>(ping => ping[key] is not null);

    /// <summary>Sends a question that is answered in order and waits for the answer: all that was sent before has been handled.</summary>
    public async Task SyncAsync()
    {
        var ackId = Random.Shared.Next(1_000_000, int.MaxValue);
        await SendAsync(new CheckConnectionExistenceMessage("nobody", ackId));
        await TakeAsync<AckMessage>(ack => ack.AckId == ackId);
    }

    /// <summary>Closes in an orderly way.</summary>
    public async Task CloseAsync()
    {
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();
        await Closed;
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        // In an orderly way if that is still possible: an app server that breaks off is worth a warning.
        if (_reads.Task.IsCompleted && _socket.State == WebSocketState.Open)
        {
            try
            {
                await CloseAsync();
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                // The gateway was faster.
            }
        }

        StartReading();
        _socket.Abort();
        await _pump.Within();
        _socket.Dispose();
    }

    private async Task PumpAsync()
    {
        var buffer = new byte[64 * 1024];
        var bytes = new List<byte>();
        try
        {
            await _reads.Task;
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    var status = _socket.CloseStatus;
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    _closed.TrySetResult(status);
                    return;
                }

                bytes.AddRange(buffer.AsSpan(0, result.Count));
                Cut(bytes);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            _closed.TrySetResult(_socket.CloseStatus);
        }
    }

    private void Cut(List<byte> bytes)
    {
        var all = bytes.ToArray();
        var input = new ReadOnlySequence<byte>(all);
        while (ServiceFraming.TryRead(ref input, int.MaxValue, out var frame) == FrameReadResult.Frame)
        {
            _received.Add(ServiceProtocolReader.Read(frame.ToArray()));
        }

        bytes.RemoveRange(0, all.Length - (int)input.Length);
    }
}
