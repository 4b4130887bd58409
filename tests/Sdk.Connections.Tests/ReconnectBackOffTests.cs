using Microsoft.Extensions.Time.Testing;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class ReconnectBackOffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReconnectBackOff _backOff;
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _attempts;
    private int _ended;
    private volatile bool _succeeds;

    public ReconnectBackOffTests()
    {
        _backOff = new ReconnectBackOff(_time, static () => 0.5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void Waits_double_up_to_a_minute(int failures, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), ReconnectBackOff.Delay(failures));
    }

    [Fact]
    public async Task While_the_gateway_is_away_one_connection_probes_for_all()
    {
        var loops = Enumerable.Range(0, 5).Select(_ => _backOff.RunAsync(AttemptAsync, CancellationToken.None)).ToArray();
        Assert.Equal(5, _attempts);
        _firstRound.SetResult();
        await Eventually.TrueAsync(() => _ended == 5, "the first failures");

        _time.Advance(TimeSpan.FromSeconds(1.4));
        Assert.Equal(5, _attempts);
        await Eventually.TrueAsync(() => Volatile.Read(ref _ended) == 6, "the first probe", () => _time.Advance(TimeSpan.FromSeconds(0.2)));

        _succeeds = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(6, _attempts);
        await Eventually.TrueAsync(() => loops.All(loop => loop.IsCompletedSuccessfully), "everybody back", () => _time.Advance(TimeSpan.FromSeconds(0.5)));

        Assert.Equal(11, _attempts);
    }

    [Fact]
    public async Task After_a_success_attempts_are_immediate_again()
    {
        _firstRound.SetResult();
        _succeeds = true;
        await _backOff.RunAsync(AttemptAsync, CancellationToken.None).Within();
        await _backOff.RunAsync(AttemptAsync, CancellationToken.None).Within();

        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task A_short_lived_connection_delays_the_next_attempt()
    {
        _firstRound.SetResult();
        _succeeds = true;
        _backOff.ReportShortLived();

        var attempt = _backOff.RunAsync(AttemptAsync, CancellationToken.None);
        Assert.Equal(0, _attempts);
        _time.Advance(TimeSpan.FromSeconds(1.6));

        await attempt.Within();
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task Stopping_ends_the_wait()
    {
        _firstRound.SetResult();
        using var stopping = new CancellationTokenSource();
        var loops = Enumerable.Range(0, 2).Select(_ => _backOff.RunAsync(AttemptAsync, stopping.Token)).ToArray();

        await stopping.CancelAsync();

        foreach (var loop in loops)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.Within());
        }
    }

    private async Task<bool> AttemptAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        await _firstRound.Task;
        Interlocked.Increment(ref _ended);
        return _succeeds;
    }
}
