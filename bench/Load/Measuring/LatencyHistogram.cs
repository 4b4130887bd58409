using System.Diagnostics;
using System.Numerics;

namespace Tandem.Load.Measuring;

/// <summary>Latencies in buckets of about 3%, counted by many threads at once without allocating.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits + 1) * SubBuckets];

    public void Record(long sentAt) => Interlocked.Increment(ref _counts[Bucket(Stopwatch.GetTimestamp() - sentAt)]);

    /// <summary>The latency in milliseconds below which the share of all messages lies.</summary>
    public double Percentile(double share)
    {
        var wanted = Math.Ceiling(_counts.Sum() * share);
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return LowerBound(bucket) * 1000.0 / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    // Below 2^SubBucketBits a value is its own bucket; above, the highest bits after the leading one choose the sub-bucket.
    private static int Bucket(long ticks)
    {
        var value = (ulong)Math.Max(0, ticks);
        if (value < SubBuckets)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2(value) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((value >> shift) - SubBuckets);
    }

    private static long LowerBound(int bucket)
    {
        var shift = (bucket >> SubBucketBits) - 1;
        return shift < 0 ? bucket : (SubBuckets + (bucket & (SubBuckets - 1L))) << shift;
    }
}
