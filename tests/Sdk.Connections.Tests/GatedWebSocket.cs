using System.Net.WebSockets;

namespace Tandem.Sdk.Connections.Tests;

/// <summary>A WebSocket that sends only while its gate is open, and remembers what it sent.</summary>
internal sealed class GatedWebSocket : WebSocket
{
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<byte> _sent = [];

    public Exception? FailWith { get; set; }

    public bool OutputClosed { get; private set; }

    public int Sends { get; private set; }

    /// <summary>Whether a send stands at the closed gate.</summary>
    public bool IsWaiting { get; private set; }

    public byte[] Sent
    {
        get
        {
            lock (_sent)
            {
                return [.. _sent];
            }
        }
    }

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => WebSocketState.Open;

    public override string? SubProtocol => null;

    public void LetThrough(int sends = 1000) => _gate.Release(sends);

    public override void Abort()
    {
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        OutputClosed = true;
        return Task.CompletedTask;
    }

    public override void Dispose() => _gate.Dispose();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        IsWaiting = true;
        await _gate.WaitAsync(cancellationToken);
        if (FailWith is { } failure)
        {
            throw failure;
        }

        lock (_sent)
        {
            Sends++;
            _sent.AddRange(buffer);
        }
    }
}
