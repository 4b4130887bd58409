using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Messages;

/// <summary>Client results: one app server asks one client, which another one may serve.</summary>
public class InvocationTests : IDisposable
{
    private readonly TestNode _node = new(options =>
    {
        options.MaxPendingInvocations = 3;
        options.InvocationTimeout = TimeSpan.FromMinutes(10);
    });

    [Fact]
    public async Task The_app_server_that_serves_the_client_asks_and_hears_nothing_from_the_gateway()
    {
        var server = _node.AddServer("s1");
        var client = await _node.ConnectAsync();
        var other = _node.AddServer("s1");
        var written = server.Written.Length;

        Invoke(other, client.Id, "i1");

        Assert.Equal(["question"], await client.TakeAsync());
        Assert.Equal(written, server.Written.Length);
        Assert.Empty(other.Written);
        Assert.Equal(1, _node.Invocations.Count);

        // Its own answer came up as connection data; this only cleans up.
        _node.Messages.Route(server, new ClientCompletionMessage("i1", client.Id, "s1", "json", default));
        Assert.Equal(0, _node.Invocations.Count);
        Assert.Equal(written, server.Written.Length);
        Assert.Empty(other.Written);
    }

    [Fact]
    public async Task A_question_to_a_client_of_another_app_server_goes_there_first_and_the_answer_comes_back()
    {
        var router = _node.AddServer("s1");
        var client = await _node.ConnectAsync();
        var caller = _node.AddServer("s2");

        Invoke(caller, client.Id, "i1");

        var forwarded = Assert.IsType<ClientInvocationMessage>(router.Written[^1]);
        Assert.Equal(("i1", client.Id, "s2"), (forwarded.InvocationId, forwarded.ConnectionId, forwarded.CallerServerId));
        var mapping = Assert.IsType<ServiceMappingMessage>(Assert.Single(caller.Written));
        Assert.Equal(("i1", client.Id, _node.Ids.NodeTag), (mapping.InvocationId, mapping.ConnectionId, mapping.InstanceId));
        Assert.Equal(["question"], await client.TakeAsync());

        // The router answers in its own name; the gateway remembers who asked.
        _node.Messages.Route(router, new ClientCompletionMessage("i1", client.Id, "s1", "json", Text.Bytes("answer")));
        _node.Messages.Route(router, new ClientCompletionMessage("i1", client.Id, "s1", "json", Text.Bytes("again")));

        var completion = Assert.Single(caller.All<ClientCompletionMessage>());
        Assert.Equal(("i1", client.Id, "s2", "json", "answer"), (completion.InvocationId, completion.ConnectionId, completion.CallerServerId, completion.Protocol, Text.Of(completion.Payload)));
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task A_question_waits_for_the_handshake_response_like_any_message()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectHeldAsync();

        Invoke(server, client.Id, "i1");
        _node.Messages.Route(server, new ConnectionDataMessage(client.Id, Text.Bytes("{}")));

        Assert.Equal(["{}", "question"], await client.TakeAsync());
    }

    [Fact]
    public async Task A_question_to_nobody_is_answered_with_an_error()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        var other = _node.AddServer(hub: "other");

        Invoke(server, "nobody", "i1");
        Invoke(other, client.Id, "i2");

        Assert.Equal(("i1", "nobody", "s1"), Error(server));
        Assert.Equal(("i2", client.Id, "s1"), Error(other));
        Assert.Empty(await client.TakeAsync());
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task A_question_in_the_wrong_hub_protocol_is_answered_with_an_error()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync(encoder: TestEncoders.MessagePack);

        Invoke(server, client.Id, "i1");

        Assert.Contains("messagepack", server.All<ErrorCompletionMessage>().Single().Error, StringComparison.Ordinal);
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Theory]
    [InlineData(CloseReason.ClientClosed)]
    [InlineData(CloseReason.ServerConnectionLost)]
    public async Task A_client_that_ends_answers_with_an_error(CloseReason reason)
    {
        _node.AddServer("s1");
        var client = await _node.ConnectAsync();
        var caller = _node.AddServer("s2");
        Invoke(caller, client.Id, "i1");
        Invoke(caller, client.Id, "i2");

        _node.Clients.Disconnect(client.Connection, reason);

        Assert.Equal(["i1", "i2"], caller.All<ErrorCompletionMessage>().Select(error => error.InvocationId).Order(StringComparer.Ordinal));
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task A_question_that_makes_its_client_a_slow_consumer_is_answered_with_an_error()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync(queue: new OutboundQueueOptions { MaxQueuedBytes = 1024 });
        _node.Messages.Route(server, new ConnectionDataMessage(client.Id, new byte[2000]));
        _node.Messages.Route(server, new ConnectionDataMessage(client.Id, new byte[2000]));

        Invoke(server, client.Id, "i1");

        Assert.Equal(CloseReason.SlowConsumer, Assert.Single(client.Physical.Ends).Reason);
        Assert.Equal(("i1", client.Id, "s1"), Error(server));
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task No_answer_in_time_is_an_error()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        Invoke(server, client.Id, "i1");
        _node.Time.Advance(TimeSpan.FromMinutes(5));
        Invoke(server, client.Id, "i2");
        IHeartbeatHandler invocations = _node.Invocations;

        _node.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        invocations.OnHeartbeat();
        Assert.Empty(server.All<ErrorCompletionMessage>());
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        invocations.OnHeartbeat();
        invocations.OnHeartbeat();

        Assert.Equal(("i1", client.Id, "s1"), Error(server));
        Assert.Equal(1, _node.Invocations.Count);
        _node.Time.Advance(TimeSpan.FromMinutes(5));
        invocations.OnHeartbeat();
        Assert.Equal(2, server.All<ErrorCompletionMessage>().Count());
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task Too_many_questions_and_ids_that_are_taken_are_answered_with_an_error()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        Invoke(server, client.Id, "i1");
        Invoke(server, client.Id, "i1");
        Assert.Equal(("i1", client.Id, "s1"), Error(server));
        Invoke(server, client.Id, "i2");
        Invoke(server, client.Id, "i3");
        Invoke(server, client.Id, "i4");

        Assert.Equal(["i1", "i4"], server.All<ErrorCompletionMessage>().Select(error => error.InvocationId));
        Assert.Contains("MaxPendingInvocations", server.All<ErrorCompletionMessage>().Last().Error, StringComparison.Ordinal);
        Assert.Equal(3, (await client.TakeAsync()).Length);
    }

    [Fact]
    public async Task The_answer_goes_to_another_connection_of_the_same_app_server_when_the_callers_is_lost()
    {
        var router = _node.AddServer("s1");
        var client = await _node.ConnectAsync();
        var caller = _node.AddServer("s2");
        var sibling = _node.AddServer("s2");
        Invoke(caller, client.Id, "i1");

        _node.Lose(caller);
        _node.Messages.Route(router, new ClientCompletionMessage("i1", client.Id, "s1", "json", Text.Bytes("answer")));

        Assert.Empty(caller.All<ClientCompletionMessage>());
        Assert.Equal("answer", Text.Of(Assert.Single(sibling.All<ClientCompletionMessage>()).Payload));
    }

    [Fact]
    public async Task An_answer_for_an_app_server_that_is_gone_is_dropped()
    {
        var router = _node.AddServer("s1");
        var client = await _node.ConnectAsync();
        var caller = _node.AddServer("s2");
        Invoke(caller, client.Id, "i1");
        _node.Lose(caller);
        var written = router.Written.Length;

        _node.Messages.Route(router, new ClientCompletionMessage("i1", client.Id, "s1", "json", Text.Bytes("answer")));

        Assert.Equal(written, router.Written.Length);
        Assert.Equal(0, _node.Invocations.Count);
    }

    [Fact]
    public async Task Answers_to_unknown_questions_and_from_other_hubs_are_ignored()
    {
        var server = _node.AddServer();
        var client = await _node.ConnectAsync();
        var other = _node.AddServer(hub: "other");
        Invoke(server, client.Id, "i1");

        _node.Messages.Route(server, new ClientCompletionMessage("nothing", client.Id, "s1", "json", Text.Bytes("answer")));
        _node.Messages.Route(other, new ClientCompletionMessage("i1", client.Id, "s1", "json", Text.Bytes("answer")));

        Assert.Empty(server.All<ClientCompletionMessage>());
        Assert.Equal(1, _node.Invocations.Count);
    }

    public void Dispose() => _node.Dispose();

    private static (string InvocationId, string ConnectionId, string CallerServerId) Error(FakeServerConnection server)
    {
        var error = Assert.Single(server.All<ErrorCompletionMessage>());
        Assert.NotEmpty(error.Error);
        return (error.InvocationId, error.ConnectionId, error.CallerServerId);
    }

    private void Invoke(FakeServerConnection caller, string connectionId, string invocationId) =>
        _node.Messages.Route(caller, new ClientInvocationMessage(invocationId, connectionId, caller.ServerId, Text.Payloads("question")));
}
