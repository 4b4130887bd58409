using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>App servers that close connections: their own, others', many.</summary>
public class CloseTests : IDisposable
{
    private readonly TestNode _node = new();
    private readonly FakeServerConnection _server;

    public CloseTests()
    {
        _server = _node.AddServer();
    }

    [Fact]
    public async Task The_app_server_that_serves_a_client_closes_it_and_is_not_told_of_it()
    {
        var client = await _node.ConnectAsync();
        Route(new ConnectionDataMessage(client.Id, Text.Bytes("last words")));

        Route(new CloseConnectionMessage(client.Id, "for the log only", []));

        Assert.Equal((CloseReason.AppServerClosed, null), Assert.Single(client.Physical.Ends));
        Assert.Empty(_server.All<CloseConnectionMessage>());
        Assert.Equal(["last words"], await client.TakeAsync());
        Assert.False(await client.SendAsync("late").InTimeAsync());
        Assert.Equal(["hs"], _server.Data(client.Id));
        _node.AssertForgotten();
    }

    [Theory]
    [InlineData("kicked", "kicked")]
    [InlineData("", "The app server closed the connection.")]
    public async Task Another_server_connection_closes_with_a_reason_for_the_client_and_the_serving_one_is_told(string error, string reason)
    {
        var client = await _node.ConnectAsync();
        var management = _node.AddWeakServer();

        _node.Messages.Route(management, new CloseConnectionMessage(client.Id, error, []));

        Assert.Equal((CloseReason.AppServerClosed, reason), Assert.Single(client.Physical.Ends));
        Assert.Equal(reason, Assert.Single(_server.All<CloseConnectionMessage>()).Error);
        Assert.Empty(management.Written);
    }

    [Fact]
    public async Task Closing_an_unknown_connection_or_one_of_another_hub_does_nothing()
    {
        var client = await _node.ConnectAsync();
        var other = _node.AddServer(hub: "other");

        Route(new CloseConnectionMessage("nobody", null, []));
        _node.Messages.Route(other, new CloseConnectionMessage(client.Id, null, []));
        Assert.Equal(AckStatus.NotFound, Ask(id => new CloseConnectionWithAckMessage("nobody", "r", id)));
        Assert.Equal(AckStatus.NotFound, Ask(id => new CloseConnectionWithAckMessage(client.Id, "r", id), other));
        Assert.Equal(AckStatus.Ok, Ask(id => new CloseConnectionsWithAckMessage("r", id, []), other));
        Assert.Equal(AckStatus.Ok, Ask(id => new CloseUserConnectionsWithAckMessage("nobody", "r", id, [])));
        Assert.Equal(AckStatus.Ok, Ask(id => new CloseGroupConnectionsWithAckMessage("nobody", "r", id, [])));

        Assert.Empty(client.Physical.Ends);
    }

    [Fact]
    public async Task Closing_with_ack_tells_the_app_server_that_the_client_is_gone()
    {
        var client = await _node.ConnectAsync();

        Assert.Equal(AckStatus.Ok, Ask(id => new CloseConnectionWithAckMessage(client.Id, "why", id)));
        Assert.Equal(AckStatus.NotFound, Ask(id => new CloseConnectionWithAckMessage(client.Id, "why", id)));

        Assert.Equal((CloseReason.AppServerClosed, "why"), Assert.Single(client.Physical.Ends));
        Assert.Equal("why", Assert.Single(_server.All<CloseConnectionMessage>()).Error);
    }

    [Fact]
    public async Task Closing_all_a_user_or_a_group_leaves_out_the_excluded()
    {
        var keep = await _node.ConnectAsync(user: "u");
        var user = await _node.ConnectAsync(user: "u");
        var grouped = await _node.ConnectAsync();
        var rest = await _node.ConnectAsync();
        Route(new JoinGroupMessage(keep.Id, "g"));
        Route(new JoinGroupMessage(grouped.Id, "g"));

        Assert.Equal(AckStatus.Ok, Ask(id => new CloseUserConnectionsWithAckMessage("u", "user", id, [keep.Id])));
        Assert.Equal(AckStatus.Ok, Ask(id => new CloseGroupConnectionsWithAckMessage("g", "group", id, [keep.Id])));
        Assert.Equal(AckStatus.Ok, Ask(id => new CloseConnectionsWithAckMessage(null, id, [keep.Id])));

        Assert.Equal("user", Assert.Single(user.Physical.Ends).Message);
        Assert.Equal("group", Assert.Single(grouped.Physical.Ends).Message);
        Assert.Equal(CloseReason.AppServerClosed.Describe(), Assert.Single(rest.Physical.Ends).Message);
        Assert.Empty(keep.Physical.Ends);
        Assert.Equal(1, _node.Clients.Count);
    }

    public void Dispose() => _node.Dispose();

    private void Route(ServiceMessage message) => _node.Messages.Route(_server, message);

    private AckStatus Ask(Func<int, ServiceMessage> message, FakeServerConnection? from = null)
    {
        var server = from ?? _server;
        _node.Messages.Route(server, message(7));
        return Assert.IsType<AckMessage>(server.Written[^1]).Status;
    }
}
