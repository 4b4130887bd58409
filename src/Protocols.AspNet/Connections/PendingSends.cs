using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>The POSTs of one connection that are held until the result of their call comes, or until what is no call has gone up.</summary>
internal sealed class PendingSends(int max)
{
    private readonly Lock _lock = new();
    private List<PendingSend>? _waiting;
    private bool _closed;

    /// <summary>Begins to wait; null when too many do.</summary>
    /// <param name="callId">The id of the call; null is one, too.</param>
    /// <param name="isCall">Whether it is a call, and a result may come.</param>
    public PendingSend? TryAdd(string? callId, bool isCall = true)
    {
        lock (_lock)
        {
            var send = new PendingSend(callId, isCall);
            if (_closed)
            {
                send.TrySetLost(CloseReason.ClientClosed);
                return send;
            }

            _waiting ??= [];
            if (_waiting.Count >= max)
            {
                return null;
            }

            _waiting.Add(send);
            return send;
        }
    }

    /// <summary>
    /// The call, the oldest of several with the same id, has been told something in the stream. Its result must not overtake that on a way of its own:
    /// clients forget the progress of calls that have their results.
    /// </summary>
    public void FollowStream(string callId)
    {
        lock (_lock)
        {
            _waiting?.Find(waiting => waiting.IsCall && waiting.CallId == callId)?.FollowsStream = true;
        }
    }

    /// <summary>
    /// Gives a result to the call that waits for it, the oldest of several with the same id. False when none does, or the result is to go down the
    /// stream.
    /// </summary>
    public bool TryComplete(string? callId, ReadOnlyMemory<byte> result)
    {
        PendingSend send;
        lock (_lock)
        {
            var index = _waiting?.FindIndex(waiting => waiting.IsCall && waiting.CallId == callId) ?? -1;
            if (index < 0)
            {
                return false;
            }

            send = _waiting![index];
            _waiting.RemoveAt(index);
        }

        return send.TrySetResult(send.FollowsStream ? default : result) && !send.FollowsStream;
    }

    /// <summary>Nobody waits any more. True when nothing had come: the client gave up.</summary>
    public bool Remove(PendingSend send)
    {
        lock (_lock)
        {
            return _waiting?.Remove(send) ?? false;
        }
    }

    /// <summary>No results will come for what waits.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="close">Nor for anything that comes later.</param>
    public void Lose(CloseReason reason, bool close)
    {
        List<PendingSend>? lost;
        lock (_lock)
        {
            _closed |= close;
            lost = _waiting;
            _waiting = null;
        }

        foreach (var send in lost ?? [])
        {
            send.TrySetLost(reason);
        }
    }
}
