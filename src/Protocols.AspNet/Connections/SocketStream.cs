using System.Net.WebSockets;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>A WebSocket: one JSON object per message, both ways.</summary>
internal sealed class SocketStream(WebSocket socket, ClassicConnection connection, long startTimestamp) : IClassicStream, IMessageHandler
{
    private readonly WebSocketClientTransport _inner = new(socket, mergesFrames: false);
    private readonly TaskCompletionSource<StreamEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClientTransports Kind => ClientTransports.WebSockets;

    public long StartTimestamp => startTimestamp;

    public Task<StreamEnd> End => _end.Task;

    public void Finish(StreamEnd end) => _end.TrySetResult(end);

    /// <summary>A message of the client. What still comes on a socket that is ending is nobody's.</summary>
    public ValueTask<bool> OnMessageAsync(ReadOnlyMemory<byte> message) =>
        _end.Task.IsCompleted ? new ValueTask<bool>(false) : connection.OnMessageAsync(this, message);

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames) => _inner.WriteAsync(connection.OnSending(frames, Kind));

    public async ValueTask CloseAsync(CloseReason reason)
    {
        if (connection.Farewell(reason) is { } error)
        {
            await _inner.WriteAsync(new[] { new Frame(error) });
        }

        // Whatever happened, a classic client knows one status only.
        await _inner.CloseAsync(CloseReason.ClientClosed);
        Finish(StreamEnd.Closed);
    }

    public void Abort()
    {
        _inner.Abort();
        Finish(StreamEnd.Closed);
    }
}
