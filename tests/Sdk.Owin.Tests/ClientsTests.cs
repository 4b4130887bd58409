using System.Text.Json;
using Microsoft.AspNet.SignalR;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class ClientsTests
{
    [Fact]
    public async Task Broadcasts_go_out_on_the_hubs_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.InvokeAsync("chat", "All", "hi");
        AssertBroadcast(await TakeAsync(app), "all", []);
        await client.InvokeAsync("chat", "Others", "hi");
        AssertBroadcast(await TakeAsync(app), "others", ["c1"]);
        await client.InvokeAsync("chat", "Except", "hi", new[] { "c2", "c3" });
        AssertBroadcast(await TakeAsync(app), "except", ["c2", "c3"]);
    }

    [Fact]
    public async Task Messages_to_users_go_out_on_the_hubs_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.InvokeAsync("chat", "User", "ann.b@example", "hi");

        var sent = await app.Gateway.Received.TakeAsync(static item => item.Message is UserDataMessage, "the message");
        Assert.Equal("app_chat", sent.Connection.Hub);
        var message = (UserDataMessage)sent.Message;
        Assert.Equal("ann.b@example", message.UserId);
        Assert.Equal("""{"C":"0","M":[{"H":"chat","M":"message","A":["user","hi"]}]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(message.Payloads)));
    }

    [Fact]
    public async Task Messages_to_connections_go_to_each_alone()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();
        var other = await app.ConnectAsync("c2");

        await client.InvokeAsync("chat", "Caller", "hi");
        Assert.Equal("""{"H":"chat","M":"message","A":["caller","hi"]}""", JsonSerializer.Serialize(await client.MessageAsync()));
        await client.InvokeAsync("chat", "One", "c2", "hi");
        Assert.Equal("one", (await other.MessageAsync()).GetProperty("A")[0].GetString());
        await client.InvokeAsync("chat", "Many", new[] { "c1", "c2" }, "hi");
        Assert.Equal("many", (await client.MessageAsync()).GetProperty("A")[0].GetString());
        Assert.Equal("many", (await other.MessageAsync()).GetProperty("A")[0].GetString());
    }

    [Fact]
    public async Task A_connection_of_another_app_server_is_reached_through_the_gateway()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.InvokeAsync("chat", "One", "elsewhere", "hi");

        var data = await app.Server.TakeAsync<ConnectionDataMessage>(static message => message.ConnectionId == "elsewhere");
        Assert.Equal("""{"C":"0","M":[{"H":"chat","M":"message","A":["one","hi"]}]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(data.Payload)));
    }

    [Fact]
    public async Task A_client_gets_nothing_from_a_hub_that_it_did_not_name()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        Assert.False((await client.InvokeAsync("SecondHub", "Whisper", "psst")).TryGetProperty("E", out _));

        await client.InvokeAsync("chat", "Caller", "hi");
        Assert.Equal("chat", (await client.MessageAsync()).GetProperty("H").GetString());
    }

    [Fact]
    public async Task Groups_carry_the_name_of_their_hub_and_joining_is_awaited()
    {
        await using var app = await TestApp.StartAsync();
        app.Gateway.Acknowledge = null;
        var client = await app.ConnectAsync();

        var call = await client.CallAsync("chat", "Join", "room.1");
        var join = await app.Server.TakeAsync<JoinGroupMessage>();
        Assert.Equal(("c1", "hg-chat.room.1"), (join.ConnectionId, join.GroupName));
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is ConnectionDataMessage);
        await app.Server.SendAsync(new AckMessage(join.AckId!.Value, AckStatus.Ok, null));
        Assert.Equal("joined", (await client.AnswerAsync(call)).GetProperty("R").GetString());

        call = await client.CallAsync("chat", "Leave", "room.1");
        var leave = await app.Server.TakeAsync<LeaveGroupMessage>();
        Assert.Equal(("c1", "hg-chat.room.1"), (leave.ConnectionId, leave.GroupName));
        await app.Server.SendAsync(new AckMessage(leave.AckId!.Value, AckStatus.NotFound, null));
        Assert.False((await client.AnswerAsync(call)).TryGetProperty("E", out _));
    }

    [Fact]
    public async Task A_join_the_gateway_cannot_do_fails_the_call()
    {
        await using var app = await TestApp.StartAsync();
        app.Gateway.Acknowledge = AckStatus.InternalServerError;
        var client = await app.ConnectAsync();

        Assert.Equal("There was an error invoking Hub method 'chat.Join'.", (await client.InvokeAsync("chat", "Join", "room")).GetProperty("E").GetString());
    }

    [Fact]
    public async Task Messages_to_groups_go_out_on_the_applications_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.InvokeAsync("chat", "Group", "room", "hi");
        var message = await app.Server.TakeAsync<GroupBroadcastDataMessage>();
        Assert.Equal("hg-chat.room", message.GroupName);
        Assert.Empty(message.ExcludedConnectionIds);
        await client.InvokeAsync("chat", "OthersInGroup", "room", "hi");
        Assert.Equal(["c1"], (await app.Server.TakeAsync<GroupBroadcastDataMessage>()).ExcludedConnectionIds);
        await client.InvokeAsync("chat", "Groups2", new[] { "a", "b" }, "hi");
        Assert.Equal("hg-chat.a", (await app.Server.TakeAsync<GroupBroadcastDataMessage>()).GroupName);
        Assert.Equal("hg-chat.b", (await app.Server.TakeAsync<GroupBroadcastDataMessage>()).GroupName);
    }

    [Fact]
    public async Task Hub_contexts_send_from_outside()
    {
        await using var app = await TestApp.StartAsync();
        var context = app.Connections.GetHubContext<ChatHub>();

        await ((Task)context.Clients.All.message("outside", "hi")).Within();
        AssertBroadcast(await TakeAsync(app), "outside", []);
        await ((Task)context.Clients.Group("room", "c9").message("outside", "hi")).Within();
        Assert.Equal(["c9"], (await app.Server.TakeAsync<GroupBroadcastDataMessage>()).ExcludedConnectionIds);
        await context.Groups.Add("c9", "room").Within();
        Assert.Equal(("c9", "hg-chat.room"), (await app.Server.TakeAsync<JoinGroupMessage>()) is var join ? (join.ConnectionId, join.GroupName) : default);
    }

    [Fact]
    public async Task Sending_without_a_gateway_says_so()
    {
        await using var app = await TestApp.StartAsync();
        app.Logs.Expect("Lost", "ConnectFailed");
        await app.Gateway.CrashAsync();
        await Eventually.TrueAsync(() => app.Application.Runtime.Connections.SelectMany(static hub => hub.Sets).All(static set => set.ConnectedCount == 0), "all lost");

        var context = app.Connections.GetHubContext<ChatHub>();

        await Assert.ThrowsAsync<TandemNotConnectedException>(() => ((Task)context.Clients.All.message("x", "y")).Within());
    }

    [Fact]
    public async Task Typed_hubs_and_typed_contexts_send_by_their_interface()
    {
        await using var app = await TestApp.StartAsync();
        var client = await ScriptedClassicClient.OpenAsync(app.Server, "c1", ["TypedHub"]);

        Assert.False((await client.InvokeAsync("typedhub", "Send", "four")).TryGetProperty("E", out _));
        var broadcast = await app.Gateway.TakeAsync<BroadcastDataMessage>();
        Assert.Equal("""{"C":"0","M":[{"H":"TypedHub","M":"Note","A":["four",4]}]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(broadcast.Payloads)));
        await client.InvokeAsync("typedhub", "Reply", "it");
        Assert.Equal("""{"H":"TypedHub","M":"Forget","A":["it"]}""", JsonSerializer.Serialize(await client.MessageAsync()));

        await app.Connections.GetHubContext<TypedHub, INotes>().Clients.Client("c1").Note("x", 1).Within();
        Assert.Equal("Note", (await client.MessageAsync()).GetProperty("M").GetString());
        Assert.Throws<InvalidOperationException>(() => app.Connections.GetHubContext<TypedHub, ICloneable>());
    }

    [Fact]
    public async Task Pipeline_modules_see_calls_and_messages()
    {
        await using var app = await TestApp.StartAsync(
            resolve: static resolver => resolver.Resolve<Microsoft.AspNet.SignalR.Hubs.IHubPipeline>().AddModule(new ShoutingModule()));
        var client = await app.ConnectAsync();

        Assert.Equal("HI", (await client.InvokeAsync("chat", "Echo", "hi")).GetProperty("R").GetString());
    }

    private static async Task<BroadcastDataMessage> TakeAsync(TestApp app)
    {
        var sent = await app.Gateway.Received.TakeAsync(static item => item.Message is BroadcastDataMessage, "the broadcast");
        Assert.Equal("app_chat", sent.Connection.Hub);
        return (BroadcastDataMessage)sent.Message;
    }

    private static void AssertBroadcast(BroadcastDataMessage message, string kind, string[] excluded)
    {
        Assert.Equal(excluded, message.ExcludedConnectionIds);
        Assert.Equal(
            $$"""{"C":"0","M":[{"H":"chat","M":"message","A":["{{kind}}","hi"]}]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(message.Payloads)));
    }

    private sealed class ShoutingModule : Microsoft.AspNet.SignalR.Hubs.HubPipelineModule
    {
        protected override object OnAfterIncoming(object result, Microsoft.AspNet.SignalR.Hubs.IHubIncomingInvokerContext context) =>
            result is string text ? text.ToUpperInvariant() : result;
    }
}
