namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>One sender for each application, in step.</summary>
internal sealed class NumberedSenders : IAsyncDisposable
{
    private readonly List<NumberedSender> _senders = [];

    /// <summary>How many messages each has sent.</summary>
    public int Count => _senders[0].Count;

    /// <param name="urls">Of the applications at the gateway.</param>
    /// <param name="group">The group they send to.</param>
    public static async Task<NumberedSenders> StartAsync(IEnumerable<string> urls, string group)
    {
        var senders = new NumberedSenders();
        foreach (var url in urls)
        {
            senders._senders.Add(await NumberedSender.StartAsync(url, group));
        }

        return senders;
    }

    public Task SendAsync(int count) => Task.WhenAll(_senders.Select(sender => sender.SendAsync(count)));

    /// <summary>Waits until all are connected again after the loss of their app servers.</summary>
    public Task ReturnAsync() => Task.WhenAll(_senders.Select(sender => sender.ReturnAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }
    }
}
