namespace Tandem.Routing.Diagnostics;

/// <summary>Lets one log line pass per interval and counts the others, for warnings that a storm would repeat thousands of times.</summary>
/// <param name="time">The clock.</param>
public sealed class LogThrottle(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _last;
    private int _suppressed;

    /// <summary>Whether to log now, and how many lines were kept back since the last one.</summary>
    public bool TryPass(out int suppressed)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_last is { } last && time.GetElapsedTime(last, now) < Interval)
            {
                _suppressed++;
                suppressed = 0;
                return false;
            }

            _last = now;
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
