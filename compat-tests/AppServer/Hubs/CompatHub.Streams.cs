using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Streams down, up and both ways.</summary>
internal sealed partial class CompatHub
{
    public async IAsyncEnumerable<int> Count(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    public ChannelReader<int> CountInChannel(int count)
    {
        var channel = Channel.CreateUnbounded<int>();
        for (var number = 0; number < count; number++)
        {
            channel.Writer.TryWrite(number);
        }

        channel.Writer.Complete();
        return channel.Reader;
    }

    public async IAsyncEnumerable<int> CountAndFail(int count)
    {
        await foreach (var number in Count(count))
        {
            yield return number;
        }

        throw new HubException("counted enough");
    }

    /// <summary>Counts until the client has had enough, as fast as it takes the numbers.</summary>
    public async IAsyncEnumerable<int> CountForever(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                await Task.Delay(1, cancellationToken);
                yield return number;
            }
        }
        finally
        {
            ledger.Note(CancelOf(name), cancellationToken.IsCancellationRequested ? "cancelled" : "ended");
        }
    }

    public Task<string> WaitForCancelOf(string name) => ledger.WaitForAsync(CancelOf(name));

    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    public async Task<int> SumOfChannel(int start, ChannelReader<int> numbers)
    {
        var sum = start;
        await foreach (var number in numbers.ReadAllAsync())
        {
            sum += number;
        }

        return sum;
    }

    /// <summary>What the client said when it broke its stream off.</summary>
    public async Task<string> ErrorOf(IAsyncEnumerable<int> numbers)
    {
        try
        {
            await Sum(numbers);
            return "";
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    public async IAsyncEnumerable<string> Shout(IAsyncEnumerable<string> words)
    {
        await foreach (var word in words)
        {
            yield return word.ToUpperInvariant();
        }
    }

    private static string CancelOf(string name) => "cancel of " + name;
}
