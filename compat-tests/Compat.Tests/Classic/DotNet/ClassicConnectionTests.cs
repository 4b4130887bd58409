namespace Tandem.Compat.Tests.Classic.DotNet;

public sealed class ClassicConnectionTests(ClassicStage stage) : ClassicDotNetTests(stage)
{
    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task The_client_connects_to_the_gateway(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();

        Assert.Equal(transport, client.Connection.Transport.Name);
        Assert.StartsWith(stage.UrlAtGateway, client.Url, StringComparison.Ordinal);
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
        var (ann, ben) = (await stage.ConnectRawAsync(), await stage.ConnectRawAsync());
        var (group, text) = (ClassicDotNetStage.Unique("group").Replace(' ', '-'), ClassicDotNetStage.Unique("text"));

        await ann.SendAsync("plain text");
        await ann.SeesAsync("plain text");
        await ben.SendAsync("join " + group);
        var attempts = await UntilMemberAsync(ann, ben, group);
        await ann.SendAsync("all " + text);
        await Task.WhenAll(ann.SeesAsync(text), ben.SeesAsync(text));

        Assert.All([ann, ben], client => Assert.StartsWith(stage.RawUrlAtGateway, client.Url, StringComparison.Ordinal));
        Assert.Empty(ann.All.Intersect(attempts));
        Assert.DoesNotContain("plain text", ben.All);
        await Task.WhenAll(ann.StopAsync(), ben.StopAsync());
        await Task.WhenAll(new[] { ann, ben }.Select(client => stage.App.UntilPrintedAsync($"raw-disconnected {client.Id} stopCalled=True")));
    }

    /// <summary>A join is not answered, and messages of one client are handled side by side: sends to the group until one comes.</summary>
    private static async Task<IReadOnlyList<string>> UntilMemberAsync(ClassicRawClient sender, ClassicRawClient member, string group)
    {
        List<string> attempts = [];
        while (!member.All.Intersect(attempts).Any())
        {
            Assert.True(attempts.Count < 100, "The group was not joined.");
            attempts.Add($"attempt-{attempts.Count}");
            await sender.SendAsync($"group {group} {attempts[^1]}");
            await sender.SendAsync($"sent-{attempts.Count}");
            await sender.SeesAsync($"sent-{attempts.Count}");
        }

        return attempts;
    }
}
