using System.Buffers;
using Tandem.Routing.Connections;

namespace Tandem.Routing.Messages;

/// <content>The drain: one at a time, it hands what waits to the transport.</content>
public sealed partial class OutboundQueue
{
    void IThreadPoolWorkItem.Execute() => _ = DrainAsync();

    /// <summary>Runs while there is something to send. Cannot throw: a failing transport is reported to the owner.</summary>
    private async Task DrainAsync()
    {
        var batch = ArrayPool<Frame>.Shared.Rent(64);
        IClientTransport? transport = null;
        var count = 0;
        try
        {
            while (TryTakeBatch(batch, out transport, out count, out var close))
            {
                if (count > 0)
                {
                    var more = await transport.WriteAsync(batch.AsMemory(0, count));
                    batch.AsSpan(0, count).Clear();
                    if (!more)
                    {
                        Forget(transport);
                    }
                }
                else
                {
                    await transport.CloseAsync(close);
                    lock (_lock)
                    {
                        _ended = true;
                        _transport = null;
                        EndDrain();
                    }

                    return;
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever a transport throws means that it is gone, and its last frames with it, even when it was detached meanwhile;
            // the owner logs it and ends the connection.
            EndFailed(transport!, closing: count == 0, exception);
        }
        finally
        {
            ArrayPool<Frame>.Shared.Return(batch, clearArray: true);
        }
    }

    private void EndFailed(IClientTransport failed, bool closing, Exception exception)
    {
        bool wasAborted;
        lock (_lock)
        {
            wasAborted = _ended;
            _ended |= closing;
            if (ReferenceEquals(_transport, failed))
            {
                _transport = null;
            }

            LetGo(null);
        }

        try
        {
            if (!wasAborted)
            {
                failed.Abort();
                _owner.OnTransportFailed(failed, exception);
            }
        }
        finally
        {
            Resume();
        }
    }

    /// <summary>
    /// Goes on with a transport that was attached while the one before failed. Only now, after the owner has been told: it may want
    /// nothing to follow the frames that are lost.
    /// </summary>
    private void Resume()
    {
        lock (_lock)
        {
            EndDrain();
            if (_ended || !TryBeginDrain())
            {
                return;
            }
        }

        Schedule();
    }

    /// <summary>
    /// The next frames to send, at most a batch's worth and at least one; no frames when the transport is to be closed. False
    /// ends the drain.
    /// </summary>
    private bool TryTakeBatch(Frame[] batch, out IClientTransport transport, out int count, out CloseReason close)
    {
        lock (_lock)
        {
            transport = _transport!;
            count = 0;
            close = _completed;
            if (_ended || _transport is null || (_count == 0 && close == CloseReason.None))
            {
                EndDrain();
                return false;
            }

            LetGo(transport);
            _active = true;

            var bytes = 0;
            while (_count > 0 && count < batch.Length)
            {
                var size = _ring[_head].Bytes.Length;
                if (count > 0 && bytes + size > _options.MaxBatchBytes)
                {
                    break;
                }

                batch[count++] = _ring[_head];
                _ring[_head] = default;
                _head = (_head + 1) % _ring.Length;
                _count--;
                bytes += size;
            }

            _queuedBytes -= bytes;
            if (_count == 0 && _ring.Length > KeptFrames)
            {
                _ring = [];
                _head = 0;
            }

            return true;
        }
    }

    private void Forget(IClientTransport transport)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_transport, transport))
            {
                _transport = null;
            }
        }
    }

    private void EndDrain()
    {
        _draining = false;
        LetGo(null);
    }

    /// <summary>The drain turns to <paramref name="next"/>; whoever waits for the one before may go on.</summary>
    private void LetGo(IClientTransport? next)
    {
        if (!ReferenceEquals(_writing, next))
        {
            _writing = next;
            _written?.TrySetResult();
            _written = null;
        }
    }

    private bool TryBeginDrain()
    {
        if (_draining || !_isOpen || _transport is null || (_count == 0 && _completed == CloseReason.None))
        {
            return false;
        }

        _draining = true;
        return true;
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
