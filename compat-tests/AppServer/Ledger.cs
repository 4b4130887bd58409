using System.Collections.Concurrent;

namespace Tandem.AppServer;

/// <summary>What happened in this application, so that a client can wait for it.</summary>
internal sealed class Ledger
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _events = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _numbers = new();

    public void Note(string what, string detail = "") => EventOf(what).TrySetResult(detail);

    /// <summary>The detail of the event, as soon as it has happened.</summary>
    /// <exception cref="TimeoutException">It did not happen within 15 seconds.</exception>
    public Task<string> WaitForAsync(string what) => EventOf(what).Task.WaitAsync(Deadline);

    public void Append(string list, int number) => ListOf(list).Enqueue(number);

    public int[] NumbersOf(string list) => [.. ListOf(list)];

    private TaskCompletionSource<string> EventOf(string what) =>
        _events.GetOrAdd(what, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

    private ConcurrentQueue<int> ListOf(string list) => _numbers.GetOrAdd(list, static _ => new ConcurrentQueue<int>());
}
