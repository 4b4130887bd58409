using System.Text.Json;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>Core clients whose hub is one of ASP.NET SignalR.</summary>
public sealed class CoreOnClassicTests
{
    [Theory]
    [InlineData(RawTransport.WebSockets)]
    [InlineData(RawTransport.ServerSentEvents)]
    [InlineData(RawTransport.LongPolling)]
    public async Task A_client_calls_is_answered_and_called(RawTransport transport)
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync(transport: transport);
        var open = await server.TakeOpenAsync(client.ConnectionId);
        Assert.Contains("connectionData=" + Uri.EscapeDataString("""[{"name":"chat"}]"""), open.QueryString, StringComparison.Ordinal);
        Assert.Contains("connectionToken=", open.QueryString, StringComparison.Ordinal);

        await client.SendAsync("""{"type":1,"invocationId":"5","target":"Send","arguments":["a",{"b":[1.50]}]}""");

        var call = JsonDocument.Parse(await server.TakeDataAsync(client.ConnectionId)).RootElement;
        Assert.Equal(("chat", "Send", """["a",{"b":[1.50]}]"""), (call.GetProperty("H").GetString(), call.GetProperty("M").GetString(), call.GetProperty("A").GetRawText()));
        await server.SendAsync(client.ConnectionId, "{\"R\":{\"c\":1.50},\"I\":" + call.GetProperty("I").GetRawText() + "}");
        Assert.Equal("""{"type":3,"invocationId":"5","result":{"c":1.50}}""", await client.TakeAsync());

        await server.InvokeAsync(client.ConnectionId, "say", "to you");
        Assert.Equal("""{"type":1,"target":"say","arguments":["to you"]}""", await client.TakeAsync());
        await server.BroadcastAsync("chat", "say", "to all");
        Assert.Equal("""{"type":1,"target":"say","arguments":["to all"]}""", await client.TakeAsync());
    }

    [Fact]
    public async Task A_call_without_an_answer_gets_none_and_an_error_is_the_hubs()
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await client.SendAsync("""{"type":1,"target":"Note","arguments":[]}""", """{"type":1,"invocationId":"1","target":"Fail","arguments":[]}""");
        foreach (var outcome in (string[])["\"R\":1", "\"E\":\"no such luck\",\"H\":true"])
        {
            var call = JsonDocument.Parse(await server.TakeDataAsync(client.ConnectionId)).RootElement;
            await server.SendAsync(client.ConnectionId, "{" + outcome + ",\"I\":" + call.GetProperty("I").GetRawText() + "}");
        }

        Assert.Equal("""{"type":3,"invocationId":"1","error":"no such luck"}""", await client.TakeAsync());
    }

    [Fact]
    public async Task Progress_is_a_stream_and_the_result_its_last_item()
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await client.SendAsync("""{"type":4,"invocationId":"3","target":"Count","arguments":[1]}""");

        var id = JsonDocument.Parse(await server.TakeDataAsync(client.ConnectionId)).RootElement.GetProperty("I").GetString();
        await server.SendAsync(client.ConnectionId, $$$"""{"C":"0","M":[{"I":"P|{{{id}}}","P":{"I":"{{{id}}}","D":50}}]}""");
        await server.SendAsync(client.ConnectionId, "{\"R\":\"done\",\"I\":\"" + id + "\"}");
        Assert.Equal("""{"type":2,"invocationId":"3","item":50}""", await client.TakeAsync());
        Assert.Equal("""{"type":2,"invocationId":"3","item":"done"}""", await client.TakeAsync());
        Assert.Equal("""{"type":3,"invocationId":"3"}""", await client.TakeAsync());
    }

    [Fact]
    public async Task A_stream_of_the_clients_own_is_refused_by_name()
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await client.SendAsync("""{"type":1,"invocationId":"9","target":"Upload","arguments":[],"streamIds":["1"]}""");

        var answer = await client.TakeAsync();
        Assert.Contains("chat.Upload", answer, StringComparison.Ordinal);
        Assert.Contains("takes no streams", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_app_server_ends_the_client_and_lets_it_come_back()
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await server.Application.CloseAsync();

        var close = await client.TakeAsync();
        Assert.Contains("\"allowReconnect\":true", close, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_mixing_is_off_there_is_no_app_server()
    {
        await using var room = await MixedRoom.StartAsync("Tandem:Mixing:Enabled=false", "Tandem:Limits:WaitForServer=00:00:00");
        room.Gateway.Log.Expect("Refused");
        await room.ConnectClassicServerAsync();
        await using var client = new RawCoreClient(room.Gateway.Url, room.Gateway.Tokens.Client("shop_chat"), "shop_chat");

        using var response = await client.NegotiateAsync();

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_wants_no_more_of_a_stream_goes_on_and_the_hub_hears_nothing()
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();
        await client.SendAsync("""{"type":4,"invocationId":"3","target":"Count","arguments":[]}""");
        await server.TakeDataAsync(client.ConnectionId);

        await client.SendAsync("""{"type":5,"invocationId":"3"}""", """{"type":1,"invocationId":"4","target":"Next","arguments":[]}""");

        Assert.Contains("\"M\":\"Next\"", await server.TakeDataAsync(client.ConnectionId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_a_protocol_that_cannot_be_translated_finds_no_app_server()
    {
        await using var room = await MixedRoom.StartAsync("Tandem:Limits:WaitForServer=00:00:00");
        room.Gateway.Log.Expect("Refused");
        await room.ConnectClassicServerAsync();
        await using var client = new RawCoreClient(room.Gateway.Url, room.Gateway.Tokens.Client("shop_chat"), "shop_chat");
        await client.StartAsync(RawTransport.WebSockets);

        await client.SendAsync("""{"protocol":"blazorpack","version":1}""");

        Assert.Contains("error", await client.TakeAsync(), StringComparison.Ordinal);
    }
}
