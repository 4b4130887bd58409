using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.DotNet;

public sealed class StreamTests(CompatStage compat)
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stream_comes_down(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        List<int> items = [], itemsOfChannel = [], none = [];

        await client.StreamAsync(items, "Count", 100);
        await client.StreamAsync(itemsOfChannel, "CountInChannel", 100);
        await client.StreamAsync(none, "Count", 0);

        Assert.Equal(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), itemsOfChannel);
        Assert.Empty(none);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stream_down_ends_with_its_error(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        List<int> items = [];

        var error = await Assert.ThrowsAsync<HubException>(() => client.StreamAsync(items, "CountAndFail", 3));

        Assert.Contains("counted enough", error.Message, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2], items);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stream_goes_up(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var channel = Channel.CreateUnbounded<int>();
        for (var number = 0; number < 100; number++)
        {
            channel.Writer.TryWrite(number);
        }

        channel.Writer.Complete();

        Assert.Equal(4950, await client.InvokeAsync<int>("Sum", Numbers(100)));
        Assert.Equal(5000, await client.InvokeAsync<int>("SumOfChannel", 50, channel.Reader));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stream_up_ends_with_its_error(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.TryWrite(1);
        channel.Writer.Complete(new InvalidOperationException("lost my place"));

        Assert.Contains("lost my place", await client.InvokeAsync<string>("ErrorOf", channel.Reader), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Streams_go_both_ways(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        List<string> replies = [];

        await client.StreamAsync(replies, "Shout", Words("one", "two", "drei"));

        Assert.Equal(["ONE", "TWO", "DREI"], replies);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_cancelled_stream_stops_the_hub(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var name = DotNetStage.Unique("count");

        await ReadSomeAsync(client, name);

        Assert.Equal("cancelled", await client.InvokeAsync<string>("WaitForCancelOf", name));
        Assert.Equal(2, await client.InvokeAsync<int>("Add", 1, 1));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_stream_ends_with_its_client(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var other = await stage.ConnectAsync();
        var name = DotNetStage.Unique("count");
        var stream = await client.Connection.StreamAsChannelCoreAsync(
            "CountForever", typeof(int), [name], TestContext.Current.CancellationToken).Within("the stream");
        await stream.ReadAsync(TestContext.Current.CancellationToken).AsTask().Within("the first item");

        await client.StopAsync();

        Assert.Equal("cancelled", await other.InvokeAsync<string>("WaitForCancelOf", name));
    }

    private static async Task ReadSomeAsync(DotNetClient client, string name)
    {
        using var enough = new CancellationTokenSource();
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, deadline.Token);
        try
        {
            await foreach (var item in client.Connection.StreamAsync<int>("CountForever", name, either.Token))
            {
                if (item == 3)
                {
                    await enough.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // As it was asked to.
        }
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    private static async IAsyncEnumerable<string> Words(params string[] words)
    {
        foreach (var word in words)
        {
            await Task.Yield();
            yield return word;
        }
    }
}
