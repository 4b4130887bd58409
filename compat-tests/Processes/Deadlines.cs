namespace Tandem.Compat.Processes;

/// <summary>How long things may take on a slow and busy machine. Nothing waits this long unless it has failed.</summary>
internal static class Deadlines
{
    /// <summary>One step of a client.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    /// <summary>A process until it is ready, or gone.</summary>
    public static readonly TimeSpan Process = TimeSpan.FromSeconds(60);

    /// <summary>A driver until it has run all its scenarios.</summary>
    public static readonly TimeSpan Driver = TimeSpan.FromSeconds(180);

    public static async Task<T> Within<T>(this Task<T> task, string what, TimeSpan? deadline = null)
    {
        try
        {
            return await task.WaitAsync(deadline ?? Step);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{what}: not within {deadline ?? Step}.");
        }
    }

    public static async Task Within(this Task task, string what, TimeSpan? deadline = null)
    {
        try
        {
            await task.WaitAsync(deadline ?? Step);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{what}: not within {deadline ?? Step}.");
        }
    }
}
