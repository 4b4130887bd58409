using System.Diagnostics;

namespace Tandem.Routing.Tests.Support;

/// <summary>Waiting with a deadline. The deadline only decides how long a broken test takes to fail.</summary>
internal static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Polls until the condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, $"Waited in vain: {what}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> InTimeAsync<T>(this ValueTask<T> task) => task.AsTask().InTimeAsync();
}
