using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class HubMethodTests
{
    [Fact]
    public async Task Calls_are_answered_on_the_clients_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        Assert.Equal("hello", (await client.InvokeAsync("chat", "Echo", "hello")).GetProperty("R").GetString());
        Assert.Equal(5, (await client.InvokeAsync("CHAT", "add", 2, 3)).GetProperty("R").GetInt32());
        Assert.Equal("one:x", (await client.InvokeAsync("chat", "Optional", "x")).GetProperty("R").GetString());
        Assert.Equal("two:x,y", (await client.InvokeAsync("chat", "Optional", "x", "y")).GetProperty("R").GetString());
        Assert.Equal("soon", (await client.InvokeAsync("chat", "Later", "soon")).GetProperty("R").GetString());
        Assert.Equal("""{"I":"6"}""", JsonSerializer.Serialize(await client.InvokeAsync("chat", "Nothing")));
    }

    [Fact]
    public async Task Errors_are_answers_and_say_no_more_than_they_may()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        var hidden = await client.InvokeAsync("chat", "Throw", "a secret");
        Assert.Equal("There was an error invoking Hub method 'chat.Throw'.", hidden.GetProperty("E").GetString());
        Assert.False(hidden.TryGetProperty("H", out _));

        var told = await client.InvokeAsync("chat", "ThrowWithData", "no luck");
        Assert.Equal("no luck", told.GetProperty("E").GetString());
        Assert.True(told.GetProperty("H").GetBoolean());
        Assert.Equal(42, told.GetProperty("D").GetProperty("code").GetInt32());

        var unknown = await client.InvokeAsync("chat", "NoSuchMethod");
        Assert.Equal("There was an error invoking Hub method 'chat.NoSuchMethod'.", unknown.GetProperty("E").GetString());
    }

    [Fact]
    public async Task Detailed_errors_are_told_when_the_application_wants_it()
    {
        await using var app = await TestApp.StartAsync(configuration: static hubs => hubs.EnableDetailedErrors = true);
        var client = await app.ConnectAsync();

        Assert.Equal("the cause", (await client.InvokeAsync("chat", "Throw", "the cause")).GetProperty("E").GetString());
        Assert.Contains("could not be resolved", (await client.InvokeAsync("chat", "NoSuchMethod")).GetProperty("E").GetString());
    }

    [Theory]
    [InlineData("""{"H":"nope","M":"Echo","A":["x"],"I":3}""", "3", """{"I":"3","E":"There was an error invoking Hub method 'nope.Echo'."}""")]
    [InlineData("""{"h":"chat","m":"Echo","a":"no list","i":"n"}""", "n", """{"I":"n","E":"There was an error invoking Hub method 'chat.Echo'."}""")]
    [InlineData("""{"A":[],"I":5}""", "5", """{"I":"5","E":"The message is not a call of a hub method."}""")]
    [InlineData("{}", null, """{"I":null,"E":"The message is not a call of a hub method."}""")]
    public async Task A_call_the_hubs_cannot_begin_is_answered_as_well(string call, string? id, string answer)
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.SendAsync(call);

        Assert.Equal(answer, (await client.AnswerAsync(id)).GetRawText());
        Assert.Equal("still there", (await client.InvokeAsync("chat", "Echo", "still there")).GetProperty("R").GetString());
    }

    [Fact]
    public async Task A_call_nested_too_deeply_and_one_with_too_much_state_are_answered()
    {
        await using var app = await TestApp.StartAsync(configuration: static hubs => hubs.EnableDetailedErrors = true);
        var client = await app.ConnectAsync();

        await client.SendAsync($$"""{"H":"chat","M":"Echo","A":{{new string('[', 200)}}{{new string(']', 200)}},"I":1}""");
        Assert.Contains("depth", (await client.AnswerAsync("1")).GetProperty("E").GetString(), StringComparison.OrdinalIgnoreCase);
        await client.SendAsync($$$"""{"H":"chat","M":"State","A":[],"I":2,"S":{"name":"{{{new string('x', 5000)}}}"}}""");
        Assert.Equal("State has exceeded the maximum length of 4096 bytes.", (await client.AnswerAsync("2")).GetProperty("E").GetString());
    }

    [Fact]
    public async Task State_goes_there_and_back()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.SendAsync("""{"H":"chat","M":"State","A":[],"I":7,"S":{"name":"Ann"}}""");

        var answer = await client.AnswerAsync("7");
        Assert.Equal("hello Ann", answer.GetProperty("R").GetString());
        Assert.Equal("""{"name":"Ann!"}""", JsonSerializer.Serialize(answer.GetProperty("S")));
    }

    [Fact]
    public async Task Progress_reaches_the_caller()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        var call = await client.CallAsync("chat", "Steps", 2);

        Assert.Equal("""{"I":"P|1","P":{"I":"1","D":1}}""", JsonSerializer.Serialize(await client.MessageAsync()));
        Assert.Equal("""{"I":"P|1","P":{"I":"1","D":2}}""", JsonSerializer.Serialize(await client.MessageAsync()));
        Assert.Equal("done", (await client.AnswerAsync(call)).GetProperty("R").GetString());
    }

    [Fact]
    public async Task A_call_that_waits_does_not_hold_up_the_next()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        var waiting = await client.CallAsync("chat", "Wait", "first");
        Assert.Equal("second", (await client.InvokeAsync("chat", "Echo", "second")).GetProperty("R").GetString());

        app.Events.Gate.TrySetResult();
        Assert.Equal("first", (await client.AnswerAsync(waiting)).GetProperty("R").GetString());
    }

    [Fact]
    public async Task Messages_that_are_no_calls_harm_nobody()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        foreach (var text in new[] { "", "not json", "{}", "[]", "{\"H\":\"nohub\",\"M\":\"x\",\"A\":[],\"I\":1}", new string('[', 100_000) })
        {
            await client.SendAsync(text);
        }

        await client.SendAsync("""{"H":"chat","M":"Echo","A":["alive"],"I":"last"}""");
        Assert.Equal("alive", (await client.AnswerAsync("last")).GetProperty("R").GetString());
    }

    [Fact]
    public async Task A_hub_sees_who_calls_and_what_the_client_asked_with()
    {
        await using var app = await TestApp.StartAsync();
        var client = await ScriptedClassicClient.OpenAsync(
            app.Server, "c1", ["chat"],
            claims:
            [
                new("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "ann"), new(ServiceClaims.AuthenticationType, "cookie"),
                new("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "admin"), new("exp", "123"),
            ],
            headers: [new("X-Team", ["blue"]), new("Cookie", ["a=b; team=r%20d"]), new("Host", ["gateway.example"])],
            query: "&team=green+one&asrs.op=%2Fsignalr&asrs_request_id=7");

        var me = (await client.InvokeAsync("chat", "WhoAmI")).GetProperty("R");

        Assert.Equal(
            """{"id":"c1","user":"ann","admin":true,"query":"green one","foreign":false,"header":"blue","cookie":"r d","path":"/signalr/connect"}""", JsonSerializer.Serialize(me));
    }

    [Fact]
    public async Task A_client_whose_calls_pile_up_is_closed_and_the_others_go_on()
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxWaitingBytesPerClient = 64 * 1024);
        app.Logs.Expect("HubsTooSlow");
        var client = await app.ConnectAsync();
        var other = await app.ConnectAsync("c2");
        await client.CallAsync("chat", "Block", "1");
        await app.Events.TakeAsync("block 1");

        for (var i = 0; i < 3; i++)
        {
            await client.CallAsync("chat", "Echo", new string('x', 30 * 1024));
        }

        Assert.Equal("here", (await other.InvokeAsync("chat", "Echo", "here")).GetProperty("R").GetString());
        app.Events.Gate.TrySetResult();
        await app.Events.TakeAsync("disconnected c1 False");
        Assert.Contains("did not keep up", (await client.ClosedAsync()).Error);
    }
}
