namespace Tandem.Protocols.AspNet.Connections;

/// <summary>
/// The calls that came over the WebSockets of one connection and have no result yet. A JavaScript client counts its calls from 0 again when it
/// has lost its socket, and has given up those it made before: a late result must not be taken for that of a new call with the same id.
/// </summary>
internal sealed class SocketCalls(int max)
{
    private readonly Lock _lock = new();
    private Dictionary<string, int>? _current;
    private Dictionary<string, int>? _lost;

    /// <summary>A call was made over the present socket. Beyond the bound calls are not followed, and their results pass.</summary>
    public void Begin(string? callId)
    {
        if (callId is null)
        {
            return;
        }

        lock (_lock)
        {
            Count(_current ??= [], callId);
        }
    }

    /// <summary>The socket is gone: the client no longer waits for any of its calls.</summary>
    public void LoseSocket()
    {
        lock (_lock)
        {
            if (_current is null)
            {
                return;
            }

            _lost ??= [];
            foreach (var (id, count) in _current)
            {
                for (var i = 0; i < count; i++)
                {
                    Count(_lost, id);
                }
            }

            _current = null;
        }
    }

    /// <summary>The app server is gone: there will be no results for any of these calls.</summary>
    public void LoseServer()
    {
        lock (_lock)
        {
            _current = null;
            _lost = null;
        }
    }

    /// <summary>A result is about to be sent. False when it belongs to a call the client has given up.</summary>
    public bool TryEnd(string? callId)
    {
        if (callId is null)
        {
            return true;
        }

        lock (_lock)
        {
            if (TryDiscount(ref _lost, callId))
            {
                return false;
            }

            TryDiscount(ref _current, callId);
            return true;
        }
    }

    private static bool TryDiscount(ref Dictionary<string, int>? calls, string callId)
    {
        if (calls is null || !calls.TryGetValue(callId, out var count))
        {
            return false;
        }

        if (count > 1)
        {
            calls[callId] = count - 1;
        }
        else
        {
            calls.Remove(callId);
            if (calls.Count == 0)
            {
                calls = null;
            }
        }

        return true;
    }

    private void Count(Dictionary<string, int> calls, string callId)
    {
        if (calls.TryGetValue(callId, out var count))
        {
            calls[callId] = count + 1;
        }
        else if (calls.Count < max)
        {
            calls.Add(callId, 1);
        }
    }
}
