using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class GroupTests
{
    [Fact]
    public async Task Joining_and_leaving_await_the_gateways_word()
    {
        await using var app = await TestApp.StartAsync();
        app.Gateway.Acknowledge = null;
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        var join = app.Hub.Groups.AddToGroupAsync("c1", "room");
        var joined = await app.Gateway.TakeAsync<JoinGroupMessage>();
        Assert.Equal(("c1", "room"), (joined.ConnectionId, joined.GroupName));
        Assert.False(join.IsCompleted);
        await server.SendAsync(new AckMessage(joined.AckId!.Value, AckStatus.Ok, null));
        await join.Within();

        var leave = app.Hub.Groups.RemoveFromGroupAsync("c1", "room");
        var left = await app.Gateway.TakeAsync<LeaveGroupMessage>();
        Assert.Equal(("c1", "room"), (left.ConnectionId, left.GroupName));
        await server.SendAsync(new AckMessage(left.AckId!.Value, AckStatus.NotFound, null));
        await leave.Within();
    }

    [Fact]
    public async Task A_failure_of_the_gateway_throws()
    {
        await using var app = await TestApp.StartAsync();
        app.Gateway.Acknowledge = AckStatus.InternalServerError;
        await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => app.Hub.Groups.AddToGroupAsync("c1", "room").Within());
    }

    [Fact]
    public async Task A_broadcast_after_a_join_follows_it_on_the_clients_server_connection()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialHubServerConnectionCount = 4);
        ScriptedServerConnection server = null!;
        for (var i = 0; i < 4; i++)
        {
            server = await app.Gateway.AcceptAsync();
        }

        var client = await ScriptedClient.ConnectAsync(server, "c1");
        for (var i = 0; i < 5; i++)
        {
            await client.InvokeAsync("JoinThenGroup", $"{i}", "room");

            var join = await app.Gateway.Received.TakeAsync(static item => item.Message is JoinGroupMessage, "the join");
            var broadcast = await app.Gateway.Received.TakeAsync(static item => item.Message is GroupBroadcastDataMessage, "the broadcast");
            Assert.Same(server, join.Connection);
            Assert.Same(server, broadcast.Connection);
            Assert.Equal(["c1"], ((GroupBroadcastDataMessage)broadcast.Message).ExcludedConnectionIds);
            Assert.Equal($"{i}", (await client.ReadAsync()).GetProperty("invocationId").GetString());
        }
    }
}
