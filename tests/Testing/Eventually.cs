using System.Diagnostics;

namespace Tandem.Testing;

/// <summary>Waits for a condition that nothing announces.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Looks every few milliseconds until the condition holds.</summary>
    /// <param name="condition">Must be cheap.</param>
    /// <param name="what">Says what did not happen.</param>
    /// <param name="between">Run between two looks, to move a fake clock for instance.</param>
    public static async Task TrueAsync(Func<bool> condition, string what, Action? between = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Deadline)
            {
                throw new TimeoutException($"It did not happen within {Deadline.TotalSeconds:0} s: {what}");
            }

            between?.Invoke();
            await Task.Delay(10);
        }
    }

    /// <summary>Puts a deadline on anything that is awaited.</summary>
    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Deadline);

    /// <inheritdoc cref="Within{T}"/>
    public static Task Within(this Task task) => task.WaitAsync(Deadline);
}
