using Microsoft.AspNet.SignalR.Client;
using Newtonsoft.Json.Linq;

namespace Tandem.Compat.Tests.Classic.DotNet;

public sealed class ClassicCallTests(ClassicStage stage) : ClassicDotNetTests(stage)
{
    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Results_of_every_shape_come_back(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();
        const string Text = "Grüße, 世界 🎉 <b>&\"\\\u2028";

        Assert.Equal(Text, await client.InvokeAsync<string>("Echo", Text));
        Assert.Equal(42, await client.InvokeAsync<int>("Add", 40, 2));
        var value = JObject.Parse("""{"a":[1,null,"x"],"b":1.5,"c":true,"d":{"e":{}}}""");
        Assert.True(JToken.DeepEquals(value, await client.InvokeAsync<JObject>("EchoAny", value)));
        Assert.Null(await client.InvokeAsync<string?>("Null"));
        await client.InvokeAsync("Nothing");
        await client.InvokeAsync("NothingAsync");
        int[] times = [30, 1, 15];
        var later = await Task.WhenAll(times.Select(time => client.InvokeAsync<int>("Later", time)));
        Assert.Equal(times, later);
        Assert.Equal("one:a", await client.InvokeAsync<string>("Optional", "a"));
        Assert.Equal("two:a,b", await client.InvokeAsync<string>("Optional", "a", "b"));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Errors_come_back(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();

        foreach (var method in new[] { "Throw", "ThrowAsync", "ThrowHub", "ThrowHubData" })
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => client.InvokeAsync(method, "wrong by ½"));
            var isHubException = method.Contains("Hub", StringComparison.Ordinal);
            Assert.Equal(isHubException ? "wrong by ½" : $"There was an error invoking Hub method 'oracle.{method}'.", error.Message);
            Assert.Equal(isHubException, error is HubException);
            Assert.Equal(method == "ThrowHubData" ? 42 : null, (int?)((error as HubException)?.ErrorData as JObject)?["code"]);
        }

        Assert.Contains("'oracle.NoSuchMethod'", (await Assert.ThrowsAnyAsync<Exception>(() => client.InvokeAsync("NoSuchMethod"))).Message, StringComparison.Ordinal);
        Assert.Equal(2, await client.InvokeAsync<int>("Add", 1, 1));
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Progress_is_reported(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();
        List<int> reported = [];

        void OnProgress(int value)
        {
            reported.Add(value);
            if (value == 100)
            {
                _ = client.InvokeAsync("SawProgress");
            }
        }

        var result = await client.Oracle.Invoke<string, int>("Progress", OnProgress, 4).Within("Progress");

        Assert.Equal("done 4", result);
        Assert.Equal([25, 50, 75, 100], reported);
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task State_goes_there_and_back(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();
        client.Oracle["userName"] = "ann";

        Assert.Equal("hello ann", await client.InvokeAsync<string>("State"));
        Assert.Equal("hello ann", await client.InvokeAsync<string>("State"));
        Assert.Equal(2, (int)client.Oracle["count"]);
        Assert.Equal("s1", (string?)client.Oracle["stamp"]);
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Large_messages_pass_both_ways(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();

        Assert.Equal(60_000, (await client.InvokeAsync<string>("Echo", new string('x', 60_000))).Length);
        Assert.Equal(1_048_576, (await client.InvokeAsync<string>("Big", 1_048_576)).Length);
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Several_hubs_share_a_connection(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var client = await stage.ConnectAsync();
        var (shout, announced, note) = (ClassicDotNetStage.Unique("shout"), ClassicDotNetStage.Unique("announced"), ClassicDotNetStage.Unique("note"));

        Assert.Equal("second:x", await client.SecondHub.Invoke<string>("Ping", "x").Within("Ping"));
        await client.SecondHub.Invoke("Shout", shout).Within("Shout");
        await client.SecondHub.Invoke("Announce", announced).Within("Announce");
        await client.TypedHub.Invoke("Send", note).Within("Send");
        await client.SeesAsync("shout", shout);
        await client.SeesAsync("shout", announced);
        await client.SeesAsync("note", $"{note} {note.Length}");
    }

    [Theory, ClassData(typeof(ClassicRuns))]
    public async Task Methods_for_users_refuse_strangers(string runtime, string route, string transport)
    {
        await using var stage = await StageAsync(runtime, route, transport);
        var (stranger, ann) = (await stage.ConnectAsync(), await stage.ConnectAsync("ann"));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => stranger.InvokeAsync("Secret"));
        Assert.Equal("There was an error invoking Hub method 'oracle.Secret'.", error.Message);
        Assert.Equal("secret for ann", await ann.InvokeAsync<string>("Secret"));
    }
}
