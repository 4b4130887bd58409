using System.Diagnostics;

namespace Tandem.Compat.Processes;

/// <summary>For what tells nobody when it comes about: asks for it again and again.</summary>
internal static class Polling
{
    private static readonly TimeSpan UsualPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="what">What is waited for, in the words of the error.</param>
    /// <param name="condition">Asked at once, and again after each pause.</param>
    /// <param name="describe">Says for the error how things are.</param>
    /// <param name="deadline"><see cref="Deadlines.Step"/> if it is null.</param>
    /// <param name="pause">Longer than usual where asking is work.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, Func<string>? describe = null, TimeSpan? deadline = null, TimeSpan? pause = null)
    {
        var patience = deadline ?? Deadlines.Step;
        var started = Stopwatch.GetTimestamp();
        while (!await condition().Within(what, patience))
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"{what}: not within {patience}. {describe?.Invoke()}");
            }

            await Task.Delay(pause ?? UsualPause);
        }
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, Func{string}?, TimeSpan?, TimeSpan?)"/>
    public static Task UntilAsync(string what, Func<bool> condition, Func<string>? describe = null, TimeSpan? deadline = null) =>
        UntilAsync(what, () => Task.FromResult(condition()), describe, deadline);
}
