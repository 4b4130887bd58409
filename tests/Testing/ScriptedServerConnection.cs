using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>The gateway's end of one server connection.</summary>
public sealed class ScriptedServerConnection
{
    private readonly WebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ScriptedGateway _gateway;

    internal ScriptedServerConnection(ScriptedGateway gateway, WebSocket socket, HttpContext context)
    {
        _gateway = gateway;
        _socket = socket;
        Hub = context.Request.Query["hub"].ToString();
        Id = context.Request.Query["cid"].ToString();
        Target = context.Request.Query["target"] is [{ } target] ? target : null;
        Path = context.Request.Path.Value!;
        Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    public string Hub { get; }

    public string Id { get; }

    public string? Target { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public HandshakeRequestMessage? Handshake { get; private set; }

    /// <summary>Completes when the socket has ended; true if the app server closed it in an orderly way.</summary>
    public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string ToString() => $"{Hub}/{Id}";

    /// <summary>Takes a message of this connection off the gateway's log.</summary>
    public Task<T> TakeAsync<T>(Func<T, bool>? match = null)
        where T : ServiceMessage =>
        _gateway.TakeAsync(match, this);

    public async Task SendAsync(ServiceMessage message) => await SendRawAsync(ServiceProtocolWriter.WriteToArray(message));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public void Abort() => _socket.Abort();

    internal async Task RunAsync()
    {
        var orderly = false;
        try
        {
            orderly = await ReadAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The app server or the test has cut the connection: what Ended is there to say.
        }

        _gateway.Forget(this);
        Ended.TrySetResult(orderly);
    }

    private async Task<bool> ReadAsync()
    {
        var received = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await _socket.ReceiveAsync(received.GetMemory(16 * 1024), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return true;
            }

            received.Advance(result.Count);
            var input = new ReadOnlySequence<byte>(received.WrittenMemory);
            while (ServiceFraming.TryRead(ref input, int.MaxValue, out var frame) == FrameReadResult.Frame)
            {
                await OnMessageAsync(ServiceProtocolReader.Read(frame.ToArray()));
            }

            var rest = input.ToArray();
            received = new ArrayBufferWriter<byte>();
            received.Write(rest);
        }
    }

    private async Task OnMessageAsync(ServiceMessage message)
    {
        if (message is HandshakeRequestMessage handshake)
        {
            Handshake = handshake;
            if (_gateway.HandshakeAnswer is { } answer)
            {
                await SendAsync(answer);
                if (string.IsNullOrEmpty(answer.Error))
                {
                    _gateway.Accepted(this);
                }
            }

            return;
        }

        _gateway.Received.Add(new ReceivedMessage(this, message));
        if (_gateway.Answer(message) is { } reply)
        {
            await SendAsync(reply);
        }
    }
}

/// <summary>A service message and the server connection it came on.</summary>
public sealed record ReceivedMessage(ScriptedServerConnection Connection, ServiceMessage Message)
{
    public override string ToString() => Message.GetType().Name;
}
