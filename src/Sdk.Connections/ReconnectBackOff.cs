using System.Security.Cryptography;

namespace Tandem.Sdk.Connections;

/// <summary>
/// Decides when the next attempt to connect is due, for all server connections of one set together: while a gateway is away
/// one of them probes, the others wait for the outcome. 1, 2, 4 … 60 s, and up to one second by chance so that app servers
/// that lost the same gateway do not come back in step.
/// </summary>
internal sealed class ReconnectBackOff
{
    private const int MaxSeconds = 60;

    private readonly object _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly Func<double> _jitterSeconds;
    private int _failures;
    private TaskCompletionSource<bool>? _probe;

    public ReconnectBackOff(TimeProvider timeProvider, Func<double>? jitterSeconds = null)
    {
        _timeProvider = timeProvider;
        _jitterSeconds = jitterSeconds ?? RandomFraction;
    }

    /// <summary>Runs attempts until one succeeds.</summary>
    /// <param name="attempt">Connects; false means "again".</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task RunAsync(Func<CancellationToken, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var probe = TryBecomeProbe(out var delay, out var others);
            if (!probe && others is not null)
            {
                await others.WaitAsync(Timeout.InfiniteTimeSpan, _timeProvider, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var succeeded = false;
            try
            {
                if (probe)
                {
                    await _timeProvider.Delay(delay, cancellationToken).ConfigureAwait(false);
                }

                succeeded = await attempt(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Report(probe, succeeded);
            }

            if (succeeded)
            {
                return;
            }
        }
    }

    /// <summary>A connection was lost soon after it had been made: the next attempt is not to follow at once.</summary>
    public void ReportShortLived()
    {
        lock (_lock)
        {
            _failures = Math.Max(_failures, 1);
        }
    }

    /// <summary>The wait before attempt number <paramref name="failures"/> + 1, without the random part.</summary>
    internal static TimeSpan Delay(int failures) => TimeSpan.FromSeconds(failures >= 7 ? MaxSeconds : Math.Min(1 << (failures - 1), MaxSeconds));

    private static double RandomFraction()
    {
        using var random = RandomNumberGenerator.Create();
        var bytes = new byte[4];
        random.GetBytes(bytes);
        return BitConverter.ToUInt32(bytes, 0) / (double)uint.MaxValue;
    }

    private bool TryBecomeProbe(out TimeSpan delay, out Task? others)
    {
        lock (_lock)
        {
            delay = default;
            others = null;
            if (_failures == 0)
            {
                // Nothing known against the gateway: everybody tries at once.
                return false;
            }

            if (_probe is not null)
            {
                others = _probe.Task;
                return false;
            }

            _probe = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            delay = Delay(_failures) + TimeSpan.FromSeconds(_jitterSeconds());
            return true;
        }
    }

    private void Report(bool probe, bool succeeded)
    {
        TaskCompletionSource<bool>? waiting = null;
        lock (_lock)
        {
            if (succeeded)
            {
                _failures = 0;
            }
            else if (probe || _failures == 0)
            {
                // Attempts that started together and fail together count once.
                _failures++;
            }

            if (probe)
            {
                waiting = _probe;
                _probe = null;
            }
        }

        waiting?.TrySetResult(succeeded);
    }
}
