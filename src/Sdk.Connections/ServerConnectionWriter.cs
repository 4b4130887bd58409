using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>
/// Sends what many senders write, in the order of their calls. Senders encode into one buffer under a short lock while a
/// flush sends the other one, so messages that arrive together leave together.
/// </summary>
/// <remarks>
/// A sender that finds <c>maxWaitingBytes</c> waiting is accepted and then waits until a flush has taken them: its message
/// keeps its place even if nobody awaits the call.
/// </remarks>
internal sealed class ServerConnectionWriter
{
    private static readonly WaitCallback Flush = state => _ = ((ServerConnectionWriter)state!).FlushAsync();

    private readonly object _lock = new();
    private readonly WebSocket _socket;
    private readonly int _maxWaitingBytes;
    private readonly Action<int, long> _onSent;
    private readonly Action<Exception> _onFailed;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SendBuffer _filling = new();
    private SendBuffer _sending = new();
    private TaskCompletionSource<bool>? _room;
    private int _fillingMessages;
    private int _sendingMessages;
    private bool _flushing;
    private bool _closed;
    private bool _closeSocket;

    /// <param name="socket">Where the bytes go.</param>
    /// <param name="maxWaitingBytes">So many may wait before senders have to.</param>
    /// <param name="onSent">Called after each flush with the messages and bytes it sent.</param>
    /// <param name="onFailed">Called when the socket has failed.</param>
    public ServerConnectionWriter(WebSocket socket, int maxWaitingBytes, Action<int, long> onSent, Action<Exception> onFailed)
    {
        _socket = socket;
        _maxWaitingBytes = maxWaitingBytes;
        _onSent = onSent;
        _onFailed = onFailed;
    }

    /// <summary>Encodes a message. The task completes when there is room for more, with false if it was not accepted.</summary>
    public ValueTask<bool> WriteAsync(ServiceMessage message)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new ValueTask<bool>(false);
            }

            var start = _filling.Length;
            try
            {
                ServiceProtocolWriter.Write(message, _filling);
            }
            catch
            {
                // Half a frame would make everything behind it unreadable.
                _filling.Truncate(start);
                throw;
            }

            return Written();
        }
    }

    /// <summary>The same for bytes of a client, without a message object.</summary>
    public ValueTask<bool> WriteConnectionDataAsync(string connectionId, in ReadOnlySequence<byte> payload)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new ValueTask<bool>(false);
            }

            var start = _filling.Length;
            try
            {
                ServiceProtocolWriter.WriteConnectionData(connectionId, payload, _filling);
            }
            catch
            {
                _filling.Truncate(start);
                throw;
            }

            return Written();
        }
    }

    /// <summary>Accepts nothing more. What was accepted is sent, then the closing frame if <paramref name="closeSocket"/>.</summary>
    public Task CompleteAsync(bool closeSocket)
    {
        lock (_lock)
        {
            _closed = true;
            _closeSocket |= closeSocket;
            if (closeSocket)
            {
                ScheduleFlush();
            }
        }

        return closeSocket ? _ended.Task : Task.CompletedTask;
    }

    /// <summary>Drops everything: the connection is gone.</summary>
    public void Abort()
    {
        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            _closed = true;
            _filling.Clear();
            room = _room;
            _room = null;
        }

        room?.TrySetResult(false);
        _ended.TrySetResult(false);
    }

    private ValueTask<bool> Written()
    {
        _fillingMessages++;
        ScheduleFlush();
        if (_filling.Length < _maxWaitingBytes)
        {
            return new ValueTask<bool>(true);
        }

        _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ValueTask<bool>(_room.Task);
    }

    private void ScheduleFlush()
    {
        if (!_flushing)
        {
            _flushing = true;
            ThreadPool.UnsafeQueueUserWorkItem(Flush, this);
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            bool close;
            while (TakeFilled(out close))
            {
                await _socket.SendAsync(_sending.Written, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
                _onSent(_sendingMessages, _sending.Length);
                _sending.Clear();
            }

            if (close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, string.Empty, CancellationToken.None).ConfigureAwait(false);
                _ended.TrySetResult(true);
            }
        }
        catch (Exception exception)
        {
            Abort();
            _onFailed(exception);
        }
    }

    private bool TakeFilled(out bool close)
    {
        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            close = false;
            if (_filling.Length == 0)
            {
                // Decided under the lock: the flush that finds nothing left closes, and no other one is started after it.
                close = _closeSocket;
                _flushing = close;
                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            (_fillingMessages, _sendingMessages) = (0, _fillingMessages);
            room = _room;
            _room = null;
        }

        room?.TrySetResult(true);
        return true;
    }
}
