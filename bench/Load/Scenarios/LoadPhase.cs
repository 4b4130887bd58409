using System.Diagnostics;
using Tandem.Load.Measuring;

namespace Tandem.Load.Scenarios;

/// <summary>A fixed number of deliveries, from the first send to the last receipt.</summary>
internal sealed class LoadPhase(long deliveries)
{
    private readonly LatencyHistogram _latencies = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _left = deliveries;
    private long _endedAt;

    public Task Done => _done.Task;

    public long Left => Volatile.Read(ref _left);

    public long Deliveries { get; } = deliveries;

    public void Delivered(long sentAt)
    {
        _latencies.Record(sentAt);
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _endedAt = Stopwatch.GetTimestamp();
            _done.TrySetResult();
        }
    }

    public Traffic Traffic() => new(
        Deliveries / Stopwatch.GetElapsedTime(_startedAt, _endedAt).TotalSeconds, _latencies.Percentile(0.5), _latencies.Percentile(0.99));
}
