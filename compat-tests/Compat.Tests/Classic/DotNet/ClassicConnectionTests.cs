using Microsoft.AspNet.SignalR.Client;
using Microsoft.AspNet.SignalR.Client.Transports;

namespace Tandem.Compat.Tests.Classic.DotNet;

public sealed class ClassicConnectionTests(ClassicStage stage) : ClassicDotNetTests(stage)
{
    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task The_client_connects_to_the_gateway(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();

        Assert.Equal(transport, client.Connection.Transport.Name);
        Assert.True(Guid.TryParseExact(client.Id, "D", out _), client.Id);
        await client.SeesAsync("connected", client.Id);
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task The_query_reaches_the_hub(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync("ann", new Dictionary<string, string> { ["colour"] = "grün" });

        var query = await client.InvokeAsync<Dictionary<string, string>>("Query");

        Assert.Equal("grün", query["colour"]);
        Assert.Equal(transport, query["transport"]);
        Assert.DoesNotContain(query.Keys, key => key == "access_token" || key.StartsWith("asrs", StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task A_client_that_stops_has_left_at_once_and_can_start_again(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();
        var id = client.Id;

        await client.StopAsync();

        await stage.App.UntilPrintedAsync($"disconnected {id} stopCalled=True");
        Assert.Equal([$"connected {id}", $"disconnected {id} stopCalled=True"], stage.App.Printed(id));
        await client.StartAsync();
        Assert.NotEqual(id, client.Id);
        Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task The_transport_is_chosen(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync(anyTransport: true);

        Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
        Assert.Equal(Combinations.WebSockets, (await client.InvokeAsync<Dictionary<string, string>>("Query"))["transport"]);
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Persistent_connections_work(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        if (stage.IsDirect)
        {
            // The one mapped path of the application at the gateway is that of its hubs.
            return;
        }

        using var connection = new Connection($"{stage.App.Url}/raw");
        var echoed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Received += text =>
        {
            if (text == "plain text")
            {
                echoed.TrySetResult();
            }
        };
        await (transport switch
        {
            Combinations.WebSockets => connection.Start(new WebSocketTransport()),
            Combinations.ServerSentEvents => connection.Start(new ServerSentEventsTransport()),
            _ => connection.Start(new LongPollingTransport()),
        }).Within("start");

        await connection.Send("plain text").Within("send");
        await echoed.Task.Within("the echo");
    }
}
