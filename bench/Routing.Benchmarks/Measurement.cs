using System.Diagnostics;

namespace Tandem.Benchmarks;

/// <summary>What one call of an operation takes once it is compiled.</summary>
/// <param name="Nanoseconds">Wall time, the least of all batches: whatever else the machine does only adds to it.</param>
/// <param name="AllocatedBytes">Managed memory on all threads, the least of all batches for the same reason.</param>
internal readonly record struct Measurement(double Nanoseconds, double AllocatedBytes)
{
    private const int Batches = 15;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    public static Measurement Of(Action operation)
    {
        var calls = Math.Max(1, (int)(CallsWithin(WarmUp, operation) * (BatchTime / WarmUp)));
        var best = new Measurement(double.MaxValue, double.MaxValue);
        for (var batch = 0; batch < Batches; batch++)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            for (var call = 0; call < calls; call++)
            {
                operation();
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            best = new Measurement(
                Math.Min(best.Nanoseconds, elapsed.TotalNanoseconds / calls), Math.Min(best.AllocatedBytes, (double)allocated / calls));
        }

        return best;
    }

    private static long CallsWithin(TimeSpan time, Action operation)
    {
        var started = Stopwatch.GetTimestamp();
        long calls = 0;
        do
        {
            operation();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(started) < time);

        return calls;
    }
}
