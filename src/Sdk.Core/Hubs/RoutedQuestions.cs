namespace Tandem.Sdk.Core;

/// <summary>
/// Questions of other app servers to clients that are served here. A client need not answer, and nobody says when the asker has given
/// up, so old ones are forgotten, and the oldest when there are too many.
/// </summary>
internal sealed class RoutedQuestions(TimeProvider timeProvider)
{
    /// <summary>As many as a gateway lets all app servers wait for at a time, unless it is told otherwise.</summary>
    public const int MaxCount = 100_000;

    /// <summary>No gateway can be told to wait longer for an answer: one that comes later is for nobody.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Question>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byConnection = new(StringComparer.Ordinal);
    private readonly LinkedList<Question> _oldestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    public void Add(string invocationId, string connectionId)
    {
        var now = timeProvider.GetTimestamp();
        lock (_lock)
        {
            if (_byId.ContainsKey(invocationId))
            {
                return;
            }

            ForgetOld(now);
            if (_byId.Count >= MaxCount)
            {
                Forget(_oldestFirst.First!);
            }

            _byId.Add(invocationId, _oldestFirst.AddLast(new Question(invocationId, connectionId, now)));
            if (!_byConnection.TryGetValue(connectionId, out var ids))
            {
                _byConnection.Add(connectionId, ids = new HashSet<string>(StringComparer.Ordinal));
            }

            ids.Add(invocationId);
        }
    }

    public bool Contains(string invocationId)
    {
        lock (_lock)
        {
            return _byId.ContainsKey(invocationId);
        }
    }

    /// <summary>Takes a question out, if it was put to this client.</summary>
    public bool TryRemove(string invocationId, string connectionId)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(invocationId, out var node) || node.Value.ConnectionId != connectionId)
            {
                return false;
            }

            Forget(node);
            return true;
        }
    }

    /// <summary>The asker has its answer, or will not get one.</summary>
    public void Remove(string invocationId)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(invocationId, out var node))
            {
                Forget(node);
            }
        }
    }

    /// <summary>The client has left.</summary>
    public void RemoveConnection(string connectionId)
    {
        lock (_lock)
        {
            if (_byConnection.Remove(connectionId, out var ids))
            {
                foreach (var id in ids)
                {
                    _byId.Remove(id, out var node);
                    _oldestFirst.Remove(node!);
                }
            }
        }
    }

    private void ForgetOld(long now)
    {
        while (_oldestFirst.First is { } oldest && timeProvider.GetElapsedTime(oldest.Value.Since, now) >= MaxAge)
        {
            Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<Question> node)
    {
        _oldestFirst.Remove(node);
        _byId.Remove(node.Value.InvocationId);
        var ids = _byConnection[node.Value.ConnectionId];
        ids.Remove(node.Value.InvocationId);
        if (ids.Count == 0)
        {
            _byConnection.Remove(node.Value.ConnectionId);
        }
    }

    private readonly record struct Question(string InvocationId, string ConnectionId, long Since);
}
