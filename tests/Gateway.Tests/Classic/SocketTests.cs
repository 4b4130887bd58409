using System.Net.WebSockets;
using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>What only WebSockets have.</summary>
public sealed class SocketTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private ClassicAppServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _server = await ClassicAppServer.ConnectAsync(_gateway);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public async Task What_is_no_call_is_ignored(string text)
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.SendAsync(text);
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Json_nested_a_hundred_thousand_levels_deep_is_ignored_by_a_gateway_that_takes_so_much()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Classic:MaxMessageBytes=1000000");
        await using var server = await ClassicAppServer.ConnectAsync(gateway);
        await using var session = await ClassicSession.StartAsync(gateway, server);
        await session.Stream.SendAsync("""{"H":"chat","M":"echo","A":""" + new string('[', 100_000) + new string(']', 100_000) + ",\"I\":1}");
        await session.Stream.SendAsync(new string('{', 100_000));
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_message_in_pieces_is_one_message()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        var call = """{"H":"chat","M":"echo","A":["ü"],"I":3}""";
        var bytes = Encoding.UTF8.GetBytes(call);
        foreach (var piece in bytes[..^1])
        {
            await session.Stream.SendAsync([piece], WebSocketMessageType.Text, endOfMessage: false);
        }

        await session.Stream.SendAsync([], WebSocketMessageType.Text, endOfMessage: false);
        await session.Stream.SendAsync(bytes[^1..], WebSocketMessageType.Text);

        Assert.Equal(call, await _server.EchoAsync(session.Id));
        Assert.Equal("""{"R":"ü","I":"3"}""", await session.Stream.TakeResultAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_binary_or_too_large_message_costs_the_socket_and_not_the_connection(bool isBinary)
    {
        await using var other = await ClassicSession.StartAsync(_gateway, _server);
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.SendAsync(new byte[isBinary ? 10 : 70_000], isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text);

        Assert.False((await session.Stream.Ended).Orderly);
        session.Stream = await session.Client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await _server.TakeDataAsync(session.Id));
        await session.AssertAliveAsync();
        await other.AssertAliveAsync();
    }

    [Fact]
    public async Task A_message_of_the_largest_size_passes_both_ways()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        var text = new string('x', 65_000);
        Assert.Equal($$"""{"R":"{{text}}","I":"1"}""", await session.EchoAsync(text, 1));
        var larger = new string('y', 200_000);
        await _server.InvokeAsync(session.Id, "say", larger);
        Assert.Equal(ClassicAppServer.Invocation("say", larger), await session.Stream.TakeItemAsync());
    }

    [Fact]
    public async Task A_close_message_is_answered_and_the_connection_waits_for_its_client()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.CloseAsync();

        var end = await session.Stream.Ended;
        Assert.Equal(WebSocketCloseStatus.NormalClosure, end.CloseStatus);
        await _server.Application.SyncAsync();
        Assert.DoesNotContain(_server.Application.Received, message => message is CloseConnectionMessage);
        await session.Client.AbortAsync();
        await _server.TakeCloseAsync(session.Id);
    }

    [Fact]
    public async Task A_second_connect_replaces_the_first_socket()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await using var second = await session.Client.ConnectAsync();

        var end = await session.Stream.Ended;
        Assert.Equal(WebSocketCloseStatus.NormalClosure, end.CloseStatus);
        session.Stream = second;
        await session.AssertAliveAsync();
        await _server.Application.SyncAsync();
        Assert.DoesNotContain(_server.Application.Received, message => message is CloseConnectionMessage or OpenConnectionMessage);
    }

    [Fact]
    public async Task A_poll_takes_the_place_of_a_socket()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        session.Client.Transport = "longPolling";
        var cursor = session.Client.MessageId;
        var poll = session.Client.PollAsync("poll", cursor);

        Assert.True((await session.Stream.Ended).Orderly);
        await _server.InvokeAsync(session.Id, "say", "by poll");
        using var answer = await poll.Within();
        Assert.Contains("by poll", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_of_a_call_over_a_lost_socket_does_not_reach_the_next_one()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.SendAsync("""{"H":"chat","M":"slow","A":[],"I":0}""");
        await _server.TakeDataAsync(session.Id);
        await session.Stream.CutAsync();
        session.Stream = await session.Client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await _server.TakeDataAsync(session.Id));

        await _server.SendAsync(session.Id, """{"R":"late","I":"0"}""");

        await session.AssertAliveAsync();
        Assert.Empty(session.Stream.Received);
    }

    [Fact]
    public async Task A_new_call_gets_its_own_result_and_progress_while_a_lost_one_with_its_id_goes_on()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.SendAsync("""{"H":"chat","M":"slow","A":[],"I":0}""");
        await _server.TakeDataAsync(session.Id);
        await session.Stream.CutAsync();
        session.Stream = await session.Client.ReconnectAsync();
        Assert.Equal("asrs:reconnect", await _server.TakeDataAsync(session.Id));

        await session.Stream.SendAsync("""{"H":"chat","M":"quick","A":[],"I":0}""");
        using var call = System.Text.Json.JsonDocument.Parse(await _server.TakeDataAsync(session.Id));
        var id = call.RootElement.GetProperty("I").GetString();
        await _server.SendAsync(session.Id, """{"C":"0","M":[{"I":"P|0","P":{"I":"0","D":"old"}}]}""");
        await _server.SendAsync(session.Id, $$$"""{"C":"0","M":[{"I":"P|{{{id}}}","P":{"I":"{{{id}}}","D":"new"}}]}""");
        await _server.SendAsync(session.Id, $$"""{"R":"quick","I":"{{id}}"}""");
        await _server.SendAsync(session.Id, """{"R":"slow","I":"0"}""");

        Assert.Equal("""{"I":"P|0","P":{"I":"0","D":"new"}}""", await session.Stream.TakeItemAsync());
        Assert.Equal("""{"R":"quick","I":"0"}""", await session.Stream.TakeResultAsync());
        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task Bare_results_without_a_call_pass_on_a_socket()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await _server.SendAsync(session.Id, """{"R":1,"I":null}""");
        Assert.Equal("""{"R":1,"I":null}""", await session.Stream.TakeResultAsync());
    }

    [Fact]
    public async Task Progress_and_results_keep_their_order()
    {
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await session.Stream.SendAsync("""{"H":"chat","M":"work","A":[],"I":5}""");
        await _server.TakeDataAsync(session.Id);
        await _server.SendAsync(session.Id, """{"C":"0","M":[{"I":"P|5","P":{"I":"5","D":50}}]}""");
        await _server.SendAsync(session.Id, """{"R":"done","I":"5"}""");

        Assert.Contains("""{"I":"P|5","P":{"I":"5","D":50}}""", await session.Stream.TakeAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"R":"done","I":"5"}""", await session.Stream.TakeAsync());
    }

    [Fact]
    public async Task What_an_app_server_sends_that_is_no_payload_is_left_out()
    {
        _gateway.Log.Expect("BadResult");
        await using var session = await ClassicSession.StartAsync(_gateway, _server);
        await _server.Application.SendAsync(new ConnectionDataMessage(session.Id, "not nested"u8.ToArray()));
        await _server.SendAsync(session.Id, "not json");
        await _server.Hub("chat").SendAsync(new BroadcastDataMessage([], ClassicAppServer.Payloads("neither"u8.ToArray())));
        await session.AssertAliveAsync();
    }
}
