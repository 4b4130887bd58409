using System.Globalization;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>
/// The calls that came over the WebSockets of one connection and have no result yet. A JavaScript client counts its calls from 0 again when it
/// has lost its socket, and has given up those it made before: a late result must not be taken for that of a new call with the same id. So a
/// call whose id is that of a lost one gets another id on its way up, and its own again on the way down.
/// </summary>
internal sealed class SocketCalls(int max)
{
    private readonly Lock _lock = new();

    // Most connections never need one of them.
    private Dictionary<string, int>? _current;
    private Dictionary<string, int>? _lost;
    private Dictionary<string, string>? _originals;
    private object? _socket;
    private int _lastAlias;

    /// <summary>Whether any calls were lost, or go by another id: only then there is anything to look for in what comes down.</summary>
    public bool AreConfused
    {
        get
        {
            lock (_lock)
            {
                return _lost is { Count: > 0 } || _originals is { Count: > 0 };
            }
        }
    }

    /// <summary>A call was made over a socket. Beyond the bound calls are not followed, and their results pass.</summary>
    /// <param name="socket">The stream it came over.</param>
    /// <param name="callId">Its id.</param>
    /// <returns>The id it is to go by; null for its own.</returns>
    public string? Begin(object socket, string? callId)
    {
        if (callId is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (!ReferenceEquals(socket, _socket))
            {
                // Its last words: it was replaced while the call was on its way.
                Count(ref _lost, callId);
                return null;
            }

            if (_lost is null || !_lost.ContainsKey(callId))
            {
                Count(ref _current, callId);
                return null;
            }

            var alias = string.Create(CultureInfo.InvariantCulture, $"{callId}~{++_lastAlias}");
            if (Count(ref _current, alias))
            {
                (_originals ??= [])[alias] = callId;
                return alias;
            }

            return null;
        }
    }

    /// <summary>A stream takes the place of the one before: the client no longer waits for any call over that.</summary>
    public void Open(object? socket)
    {
        lock (_lock)
        {
            _socket = socket;
            foreach (var (id, count) in _current ?? [])
            {
                for (var i = 0; i < count; i++)
                {
                    Count(ref _lost, id);
                }
            }

            _current = null;
            _originals = null;
        }
    }

    /// <summary>The app server is gone: there will be no results for any of these calls.</summary>
    public void LoseServer()
    {
        lock (_lock)
        {
            _current = null;
            _lost = null;
            _originals = null;
        }
    }

    /// <summary>A result is about to be sent. False when it belongs to a call the client has given up.</summary>
    /// <param name="callId">The id it came with.</param>
    /// <param name="original">The client's own id, when the call went by another.</param>
    public bool TryEnd(string? callId, out string? original)
    {
        original = null;
        if (callId is null)
        {
            return true;
        }

        lock (_lock)
        {
            if (TryDiscount(_lost, callId))
            {
                return false;
            }

            TryDiscount(_current, callId);
            _originals?.Remove(callId, out original);
            return true;
        }
    }

    /// <summary>Something about a call that goes on is about to be sent. False when the client has given it up.</summary>
    /// <inheritdoc cref="TryEnd"/>
    public bool TryContinue(string callId, out string? original)
    {
        lock (_lock)
        {
            original = _originals?.GetValueOrDefault(callId);
            return _lost is null || !_lost.ContainsKey(callId);
        }
    }

    private static bool TryDiscount(Dictionary<string, int>? calls, string callId)
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
        }

        return true;
    }

    private bool Count(ref Dictionary<string, int>? calls, string callId)
    {
        calls ??= [];
        if (calls.TryGetValue(callId, out var count))
        {
            calls[callId] = count + 1;
        }
        else if (calls.Count < max)
        {
            calls.Add(callId, 1);
        }
        else
        {
            return false;
        }

        return true;
    }
}
