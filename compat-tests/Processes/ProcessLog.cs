namespace Tandem.Compat.Processes;

/// <summary>What a process prints: kept in a file, and there to wait for.</summary>
internal sealed class ProcessLog : IDisposable
{
    private const int TailLines = 30;

    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Condition, TaskCompletionSource<string> Found)> _waiting = [];
    private string? _ended;
    private bool _disposed;

    public ProcessLog(string path) => _file = new StreamWriter(path) { AutoFlush = true };

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            if (!_disposed)
            {
                _file.WriteLine(line);
            }

            foreach (var waiting in _waiting.FindAll(waiting => waiting.Condition(line)))
            {
                _waiting.Remove(waiting);
                waiting.Found.TrySetResult(line);
            }
        }
    }

    /// <summary>No line comes any more, because of <paramref name="reason"/>.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _ended = reason;
            foreach (var (_, found) in _waiting)
            {
                found.TrySetException(new InvalidOperationException($"{reason}\n{Tail()}"));
            }

            _waiting.Clear();
        }
    }

    /// <summary>The first line that meets the condition, from now on or already there.</summary>
    public Task<string> WaitForAsync(Func<string, bool> condition)
    {
        lock (_lock)
        {
            if (_lines.Find(line => condition(line)) is { } line)
            {
                return Task.FromResult(line);
            }

            if (_ended is not null)
            {
                return Task.FromException<string>(new InvalidOperationException($"{_ended}\n{Tail()}"));
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, found));
            return found.Task;
        }
    }

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _file.Dispose();
        }
    }

    private string Tail() => string.Join('\n', _lines.TakeLast(TailLines));
}
