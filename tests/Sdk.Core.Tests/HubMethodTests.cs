using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;
using Tandem.Testing;
using PingMessage = Tandem.Protocols.Service.PingMessage;

namespace Tandem.Sdk.Core.Tests;

public sealed class HubMethodTests
{
    [Fact]
    public async Task A_client_invokes_a_method_and_gets_its_result()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Echo", "1", "hello");

        var completion = await client.ReadAsync();
        Assert.Equal(3, completion.GetProperty("type").GetInt32());
        Assert.Equal("1", completion.GetProperty("invocationId").GetString());
        Assert.Equal("hello", completion.GetProperty("result").GetString());
    }

    [Fact]
    public async Task An_exception_of_a_method_is_the_clients_error()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Fail", "1");

        Assert.Contains("no such luck", (await client.ReadAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_hub_sends_in_a_row_leaves_in_that_order_on_the_clients_server_connection()
    {
        await using var app = await TestApp.StartAsync(static options => options.InitialHubServerConnectionCount = 3);
        await app.Gateway.AcceptAsync();
        await app.Gateway.AcceptAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1");

        await client.InvokeAsync("CallerThenAll", "1");

        var types = new List<Type>();
        for (var i = 0; i < 3; i++)
        {
            var item = await app.Gateway.Received.TakeAsync(item => item.Connection == server && item.Message is not PingMessage, "a message");
            types.Add(item.Message.GetType());
        }

        Assert.Equal([typeof(MultiConnectionDataMessage), typeof(BroadcastDataMessage), typeof(ConnectionDataMessage)], types);
    }

    [Fact]
    public async Task Streams_flow_down()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.SendAsync("""{"type":4,"invocationId":"s","target":"Count","arguments":[3]}""");

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await client.ReadAsync()).GetProperty("item").GetInt32());
        }

        Assert.Equal(3, (await client.ReadAsync()).GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task A_client_cancels_a_stream()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.SendAsync("""{"type":4,"invocationId":"s","target":"Count","arguments":[2000000000]}""");
        Assert.Equal(1, (await client.ReadAsync()).GetProperty("item").GetInt32());
        await client.SendAsync("""{"type":5,"invocationId":"s"}""");

        while ((await client.ReadAsync()).GetProperty("type").GetInt32() != 3)
        {
        }
    }

    [Fact]
    public async Task Streams_flow_up()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.SendAsync("""{"type":1,"invocationId":"1","target":"Sum","arguments":[],"streamIds":["up"]}""");
        for (var i = 1; i <= 10; i++)
        {
            await client.SendAsync($$"""{"type":2,"invocationId":"up","item":{{i}}}""");
        }

        await client.SendAsync("""{"type":3,"invocationId":"up"}""");

        Assert.Equal(55, (await client.ReadAsync()).GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_hub_aborts_its_client()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Abort");

        Assert.Equal(7, (await client.ReadAsync()).GetProperty("type").GetInt32());
        var close = await app.Gateway.TakeAsync<CloseConnectionMessage>();
        Assert.Equal("c1", close.ConnectionId);
        Assert.True(string.IsNullOrEmpty(close.Error));
        await app.Events.TakeAsync("disconnected c1");
    }

    [Fact]
    public async Task A_hub_asks_its_client_for_a_result()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("AskMe", "1");
        var question = await client.ReadAsync();
        Assert.Equal("answer", question.GetProperty("target").GetString());
        await client.SendAsync($$"""{"type":3,"invocationId":"{{question.GetProperty("invocationId").GetString()}}","result":"yes"}""");

        Assert.Equal("you said yes", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_client_that_answers_without_a_result_fails_the_question()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        var answer = app.Hub.Clients.Client("c1").InvokeAsync<int>("answer", CancellationToken.None);
        var question = await client.ReadAsync();
        await client.SendAsync($$"""{"type":3,"invocationId":"{{question.GetProperty("invocationId").GetString()}}"}""");

        await Assert.ThrowsAsync<HubException>(() => answer.Within());
        await client.InvokeAsync("Echo", "1", "still here");
        Assert.Equal("still here", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_client_may_answer_null_where_null_is_an_answer()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        var answer = app.Hub.Clients.Client("c1").InvokeAsync<string?>("answer", CancellationToken.None);
        var question = await client.ReadAsync();
        await client.SendAsync($$"""{"type":3,"invocationId":"{{question.GetProperty("invocationId").GetString()}}","result":null}""");

        Assert.Null(await answer.Within());
    }

    [Fact]
    public async Task A_client_that_goes_before_it_answers_fails_the_question()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectClientAsync();

        var answer = app.Hub.Clients.Client("c1").InvokeAsync<string>("answer", CancellationToken.None);
        await client.ReadAsync();
        await client.CloseAsync();

        await Assert.ThrowsAsync<IOException>(() => answer.Within());
    }

    [Fact]
    public async Task A_client_of_another_app_server_is_asked_through_the_gateway()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        var answer = app.Hub.Clients.Client("elsewhere").InvokeAsync<string>("answer", 42, CancellationToken.None);
        var question = await app.Gateway.TakeAsync<ClientInvocationMessage>();
        Assert.Equal("elsewhere", question.ConnectionId);
        Assert.Equal(server.Headers[ServiceHeaders.ServerId], question.CallerServerId);
        Assert.True(question.Payloads.TryGet("json", out var json));
        Assert.Contains(question.InvocationId, Encoding.UTF8.GetString(json.Span), StringComparison.Ordinal);
        await server.SendAsync(new ServiceMappingMessage(question.InvocationId, "elsewhere", "node"));
        var completion = Encoding.UTF8.GetBytes($$"""{"type":3,"invocationId":"{{question.InvocationId}}","result":"yes"}""" + '\u001e');
        await server.SendAsync(new ClientCompletionMessage(question.InvocationId, "elsewhere", question.CallerServerId, "json", completion));

        Assert.Equal("yes", await answer.Within());
    }

    [Theory]
    [InlineData("json", "no json at all\u001e")]
    [InlineData("json", "{\"type\":3,\"invocationId\":\"ID\",\"result\":{}}\u001e")]
    [InlineData("json", "{\"type\":3,\"invocationId\":\"another\",\"result\":\"yes\"}\u001e")]
    [InlineData("json", "{\"type\":1,\"target\":\"x\",\"arguments\":[]}\u001e")]
    [InlineData("json", "{\"type\":3,\"invocationId\":\"ID\"")]
    [InlineData("unheard of", "{\"type\":3,\"invocationId\":\"ID\",\"result\":\"yes\"}\u001e")]
    public async Task An_answer_from_elsewhere_that_cannot_be_read_fails_the_question(string protocol, string answerText)
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        var answer = app.Hub.Clients.Client("elsewhere").InvokeAsync<string>("answer", CancellationToken.None);
        var question = await app.Gateway.TakeAsync<ClientInvocationMessage>();
        var payload = Encoding.UTF8.GetBytes(answerText.Replace("ID", question.InvocationId, StringComparison.Ordinal));
        await server.SendAsync(new ClientCompletionMessage(question.InvocationId, "elsewhere", question.CallerServerId, protocol, payload));

        var error = await Record.ExceptionAsync(() => answer.Within());
        Assert.True(error is InvalidDataException or HubException, $"{error}");
    }

    [Fact]
    public async Task A_question_the_gateway_gives_up_fails()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        var answer = app.Hub.Clients.Client("elsewhere").InvokeAsync<string>("answer", CancellationToken.None);
        var question = await app.Gateway.TakeAsync<ClientInvocationMessage>();
        await server.SendAsync(new ErrorCompletionMessage(question.InvocationId, "elsewhere", question.CallerServerId, "no such client"));

        var error = await Assert.ThrowsAsync<HubException>(() => answer.Within());
        Assert.Contains("no such client", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_to_a_gateway_that_goes_offline_fails()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        var answer = app.Hub.Clients.Client("elsewhere").InvokeAsync<string>("answer", CancellationToken.None);
        var question = await app.Gateway.TakeAsync<ClientInvocationMessage>();
        await server.SendAsync(new ServiceMappingMessage(question.InvocationId, "elsewhere", "node"));
        await server.SendAsync(new PingMessage(ServicePing.OfflineKey, "node"));

        await Assert.ThrowsAsync<IOException>(() => answer.Within());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_fails_when_no_endpoint_is_left_that_may_answer(bool lostBeforeTheQuestion)
    {
        await using var second = await ScriptedGateway.StartAsync();
        await using var app = await TestApp.StartAsync(options => options.Endpoints = [new TandemEndpoint(second.ConnectionString)]);
        var server = await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();
        if (lostBeforeTheQuestion)
        {
            await LoseSecondAsync();
        }

        var answer = app.Hub.Clients.Client("elsewhere").InvokeAsync<string>("answer", CancellationToken.None);
        var question = await app.Gateway.TakeAsync<ClientInvocationMessage>();
        if (!lostBeforeTheQuestion)
        {
            await second.TakeAsync<ClientInvocationMessage>();
            await LoseSecondAsync();
        }

        Assert.False(answer.IsCompleted);
        await server.SendAsync(new ErrorCompletionMessage(question.InvocationId, "elsewhere", question.CallerServerId, "no such client"));

        Assert.True(await Record.ExceptionAsync(() => answer.Within()) is HubException or TandemNotConnectedException);

        async Task LoseSecondAsync()
        {
            await second.CrashAsync();
            var sets = app.Services.GetRequiredService<HubRegistry>().Started.Single().Connections.Sets;
            await Eventually.TrueAsync(() => sets.Sum(static set => set.ConnectedCount) == 1, "the loss");
        }
    }

    [Fact]
    public async Task The_answer_to_another_app_servers_question_is_handed_on_as_it_is()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1");

        await server.SendAsync(new ClientInvocationMessage("q1", "c1", "other-server", default));
        await client.SendAsync("""{"type":3,"invocationId":"q1","result":{"deep":[1,2]}}""");

        var completion = await app.Gateway.TakeAsync<ClientCompletionMessage>();
        Assert.Equal(("q1", "c1", "json"), (completion.InvocationId, completion.ConnectionId, completion.Protocol));
        Assert.Equal(server.Headers[ServiceHeaders.ServerId], completion.CallerServerId);
        Assert.Contains("\"result\":{\"deep\":[1,2]}", Encoding.UTF8.GetString(completion.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_http_context_is_the_clients_own()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(
            server, "c1",
            claims: [new(ServiceClaims.UserId, "ann"), new("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "Ann A."), new("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "admin")],
            headers: [new("X-Custom", ["one"]), new("X-Forwarded-For", ["10.1.2.3, 10.0.0.1"])],
            query: "?hub=chathub&asrs.op=%2Fchat&room=a%20b&hub=mine&asrs_request_id=1");

        await client.InvokeAsync("Describe", "1");

        Assert.Equal(
            "/chat?room=a%20b&hub=mine one 10.1.2.3 ann Ann A. True",
            (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_client_without_claims_is_not_authenticated()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapHub<WhoHub>("/who"));
        var server = await app.Gateway.AcceptAsync();
        var anonymous = await ScriptedClient.ConnectAsync(server, "c1", claims: [new(ServiceClaims.AuthenticationType, "Cookies"), new("iss", "x")]);
        var known = await ScriptedClient.ConnectAsync(
            server, "c2",
            claims: [new(ServiceClaims.AuthenticationType, "Cookies"), new(ServiceClaims.NameType, "n"), new(ServiceClaims.RoleType, "r"), new("asrs.u.iss", "theirs"), new("n", "Bob"), new("r", "boss")]);

        await anonymous.InvokeAsync("WhoAmI", "1");
        await known.InvokeAsync("WhoAmI", "1");

        Assert.Equal("False", (await anonymous.ReadAsync()).GetProperty("result").GetString()!.Split(' ')[0]);
        Assert.Equal("True Cookies Bob True theirs", (await known.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Authorization_of_a_method_uses_the_clients_claims()
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddAuthorization(),
            map: static app => app.MapHub<WhoHub>("/who"));
        var server = await app.Gateway.AcceptAsync();
        var boss = await ScriptedClient.ConnectAsync(server, "c1", claims: [new(System.Security.Claims.ClaimTypes.Role, "boss")]);
        var clerk = await ScriptedClient.ConnectAsync(server, "c2", claims: [new(System.Security.Claims.ClaimTypes.Role, "clerk")]);

        await boss.InvokeAsync("BossOnly", "1");
        await clerk.InvokeAsync("BossOnly", "1");

        Assert.Equal("done", (await boss.ReadAsync()).GetProperty("result").GetString());
        Assert.Contains("unauthorized", (await clerk.ReadAsync()).GetProperty("error").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Hub_filters_run()
    {
        await using var app = await TestApp.StartAsync(signalR: static hubs => hubs.AddHubOptions<ChatHub>(static hub => hub.AddFilter(new ShoutingFilter())));
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Echo", "1", "hello");

        Assert.Equal("HELLO", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_typed_hub_sends_through_the_gateway()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapHub<TypedHub>("/typed"));
        var client = await app.ConnectClientAsync();

        await client.InvokeAsync("Publish", null, "it works");

        var broadcast = await app.Gateway.TakeAsync<BroadcastDataMessage>();
        Assert.True(broadcast.Payloads.TryGet("json", out var json));
        Assert.Contains("\"target\":\"Headline\"", Encoding.UTF8.GetString(json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessagePack_clients_are_served()
    {
        await using var app = await TestApp.StartAsync(signalR: static hubs => hubs.AddMessagePackProtocol());
        var server = await app.Gateway.AcceptAsync();
        var protocol = new MessagePackHubProtocol();
        await server.SendAsync(new OpenConnectionMessage("c1", [], [], string.Empty, "messagepack"));
        await server.SendAsync(new ConnectionDataMessage("c1", Encoding.UTF8.GetBytes("{\"protocol\":\"messagepack\",\"version\":1}\u001e")));
        Assert.Equal("{}\u001e"u8.ToArray(), (await server.TakeAsync<ConnectionDataMessage>()).Payload.ToArray());

        await server.SendAsync(new ConnectionDataMessage("c1", protocol.GetMessageBytes(new InvocationMessage("1", "Echo", ["hello"]))));

        var answer = new ReadOnlySequence<byte>((await server.TakeAsync<ConnectionDataMessage>()).Payload);
        Assert.True(protocol.TryParseMessage(ref answer, new StringBinder(), out var message));
        Assert.Equal("hello", Assert.IsType<CompletionMessage>(message).Result);
    }

    [Fact]
    public async Task A_message_of_a_megabyte_goes_both_ways()
    {
        await using var app = await TestApp.StartAsync(signalR: static hubs => hubs.AddHubOptions<ChatHub>(static hub => hub.MaximumReceiveMessageSize = 4_000_000));
        var client = await app.ConnectClientAsync();
        var large = new string('x', 1024 * 1024);

        await client.InvokeAsync("Echo", "1", large);

        Assert.Equal(large, (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task The_culture_chosen_at_negotiate_is_the_hubs()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapHub<WhoHub>("/who"));
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1", query: "?hub=whohub&asrs_lang=de-DE&asrs_ui_lang=fr-FR");

        await client.InvokeAsync("Culture", "1");

        Assert.Equal("de-DE fr-FR", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Keep_alive_is_left_to_the_gateway()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(
            build: builder => builder.Services.AddSingleton<TimeProvider>(time),
            signalR: static hubs => hubs.AddHubOptions<ChatHub>(static hub => hub.KeepAliveInterval = TimeSpan.FromTicks(1)));
        var client = await app.ConnectClientAsync();
        await app.Events.TakeAsync("connected");

        // Heartbeats of the connection: a hub that had to keep its client alive would ping at each.
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await client.InvokeAsync("Echo", "1", "first");
        Assert.Equal("first", (await client.ReadAsync()).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_heartbeat_action_that_throws_harms_nobody_else()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(
            build: builder => builder.Services.AddSingleton<TimeProvider>(time), map: static app => app.MapHub<HeartbeatHub>("/heartbeat"));
        var server = await app.Gateway.AcceptAsync();
        foreach (var id in (string[])["c1", "c2", "c3"])
        {
            await ScriptedClient.ConnectAsync(server, id);
            await app.Events.TakeAsync($"connected {id}");
        }

        // On a real clock an exception here would be one of a timer, and the end of the process.
        time.Advance(TimeSpan.FromSeconds(1));

        await app.Events.TakeAsync("beat c1");
        await app.Events.TakeAsync("beat c3");
    }

    private sealed class HeartbeatHub(HubEvents events) : Hub
    {
        public override Task OnConnectedAsync()
        {
            var id = Context.ConnectionId;
            Context.Features.Get<IConnectionHeartbeatFeature>()!.OnHeartbeat(
                _ => events.Add(id == "c2" ? throw new InvalidOperationException("no beat") : $"beat {id}"), this);
            events.Add($"connected {id}");
            return Task.CompletedTask;
        }
    }

    private sealed class StringBinder : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => typeof(string);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [];

        public Type GetStreamItemType(string streamId) => typeof(string);
    }
}
