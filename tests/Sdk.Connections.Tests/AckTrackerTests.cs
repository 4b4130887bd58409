using Microsoft.Extensions.Time.Testing;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class AckTrackerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AckTracker _acks;
    private int _sent;

    public AckTrackerTests()
    {
        _acks = new AckTracker(_time);
    }

    [Fact]
    public async Task Ok_is_yes_and_not_found_is_no()
    {
        var first = AskAsync();
        var firstId = _sent;
        var second = AskAsync();
        var secondId = _sent;

        _acks.Complete(new AckMessage(secondId, AckStatus.NotFound, null));
        _acks.Complete(new AckMessage(firstId, AckStatus.Ok, null));

        Assert.True(await first.Within());
        Assert.False(await second.Within());
        Assert.Equal(0, _acks.Count);
    }

    [Theory]
    [InlineData(AckStatus.Timeout, typeof(TimeoutException))]
    [InlineData(AckStatus.InternalServerError, typeof(TimeoutException))]
    [InlineData((AckStatus)9, typeof(InvalidOperationException))]
    public async Task Other_answers_throw_and_tell_the_gateways_reason(AckStatus status, Type expected)
    {
        var answer = AskAsync();

        _acks.Complete(new AckMessage(_sent, status, "the reason"));

        var error = await Assert.ThrowsAsync(expected, () => answer.Within());
        Assert.Contains("the reason", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_within_ten_seconds_throws()
    {
        var answer = AskAsync();

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        await Assert.ThrowsAsync<TimeoutException>(() => answer.Within());
        Assert.Equal(0, _acks.Count);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var cancelled = new CancellationTokenSource();
        var answer = AskAsync(cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Within());
        Assert.Equal(0, _acks.Count);
    }

    [Fact]
    public async Task A_question_that_cannot_be_sent_is_forgotten()
    {
        await Assert.ThrowsAsync<IOException>(() => _acks.AskAsync(static _ => throw new IOException(), CancellationToken.None).Within());

        Assert.Equal(0, _acks.Count);
    }

    [Fact]
    public void Late_and_unknown_answers_are_ignored()
    {
        _acks.Complete(new AckMessage(77, AckStatus.Ok, null));

        Assert.Equal(0, _acks.Count);
    }

    private Task<bool> AskAsync(CancellationToken cancellationToken = default) =>
        _acks.AskAsync(
            id =>
            {
                _sent = id;
                return default;
            },
            cancellationToken);
}
