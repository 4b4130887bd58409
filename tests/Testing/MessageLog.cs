namespace Tandem.Testing;

/// <summary>Things that have arrived, to be waited for and taken one by one in any order. Every wait has a deadline.</summary>
public sealed class MessageLog<TItem>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<TItem> _items = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What has arrived and was not taken.</summary>
    public IReadOnlyList<TItem> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    public void Add(TItem item)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _items.Add(item);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    /// <summary>Takes the first match off the log, when it is there.</summary>
    public async Task<TItem> TakeAsync(Func<TItem, bool> match, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var index = _items.FindIndex(item => match(item));
                if (index >= 0)
                {
                    var item = _items[index];
                    _items.RemoveAt(index);
                    return item;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what} did not arrive within {Deadline.TotalSeconds:0} s. There: {string.Join(", ", Items)}");
            }
        }
    }
}
