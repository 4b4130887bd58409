namespace Tandem.Gateway.ServerConnections;

/// <content>The flush: at most one runs, as a work item of the thread pool, while there is something to send.</content>
internal sealed partial class ServerConnectionWriter
{
    // Large enough that the system call no longer counts; the socket copies it once more, so not larger.
    private const int PieceBytes = 64 * 1024;

    void IThreadPoolWorkItem.Execute() => _ = FlushAsync();

    /// <summary>Sends until nothing is left. Fire and forget: its failures are told to the owner.</summary>
    private async Task FlushAsync()
    {
        try
        {
            while (TrySwap())
            {
                for (var rest = _sending.Written; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, PieceBytes)..])
                {
                    Interlocked.Exchange(ref _sendStarted, _time.GetTimestamp());
                    await _send(rest[..Math.Min(rest.Length, PieceBytes)]);
                }

                Interlocked.Exchange(ref _sendStarted, 0);
            }
        }
        catch (Exception exception)
        {
            Interlocked.Exchange(ref _sendStarted, 0);
            lock (_lock)
            {
                _flushing = false;
                _sending.Clear();
                _filling.Clear();
                Complete();
                _drained.TrySetResult();
            }

            _failed(ServerConnectionEnd.TransportFailed, exception);
        }
    }

    private bool TrySwap()
    {
        lock (_lock)
        {
            _sending.Clear();
            if (_filling.Count == 0)
            {
                _flushing = false;
                if (_completed)
                {
                    _drained.TrySetResult();
                }

                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            _controlBytes = 0;
            Release(_options.MaxBufferedBytes);
            return true;
        }
    }
}
