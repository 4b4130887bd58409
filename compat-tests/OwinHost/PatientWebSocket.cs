#if NET
using System.Net.WebSockets;

namespace Tandem.OwinHost;

/// <summary>
/// A WebSocket whose user may stop receiving without breaking it. SignalR does so as soon as it has sent its close message; a WebSocket of .NET
/// resets its connection then, and the close message is lost with it.
/// </summary>
internal sealed class PatientWebSocket(WebSocket inner) : WebSocket
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private Task<WebSocketReceiveResult>? _receiving;

    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        _receiving = inner.ReceiveAsync(buffer, CancellationToken.None);
        return _receiving.WaitAsync(cancellationToken);
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => inner.Abort();

    public override void Dispose() => inner.Dispose();

    /// <summary>When its user is done with it: waits a little for the client's close message, if ours has been sent.</summary>
    public async Task FinishAsync()
    {
        using var deadline = new CancellationTokenSource(CloseTimeout);
        try
        {
            while (inner.State == WebSocketState.CloseSent)
            {
                await (_receiving ?? inner.ReceiveAsync(new byte[1024], deadline.Token)).WaitAsync(deadline.Token);
                _receiving = null;
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // It did not come; the connection is broken off.
        }
    }
}
#endif
