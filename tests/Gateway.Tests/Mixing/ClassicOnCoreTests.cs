using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>Classic clients whose hub is one of ASP.NET Core.</summary>
public sealed class ClassicOnCoreTests
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_client_calls_is_answered_and_called(string transport)
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectCoreServerAsync();
        var (client, stream) = await room.ConnectClassicAsync(transport);
        var open = await server.TakeAsync<OpenConnectionMessage>();
        Assert.Equal((client.ConnectionId, "json"), (open.ConnectionId, open.Protocol));
        Assert.Equal(Handshake, await MixedRoom.TakeDataAsync(server, client.ConnectionId));
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("{}")));

        const string Call = """{"H":"Chat","M":"Send","A":["a",{"b":[1.50]}],"I":0}""";
        var post = transport == "webSockets" ? null : client.SendAsync(Call);
        if (post is null)
        {
            await stream.SendAsync(Call);
        }

        Assert.Equal(
            "{\"type\":1,\"invocationId\":\"0\",\"target\":\"Send\",\"arguments\":[\"a\",{\"b\":[1.50]}]}\u001e",
            await MixedRoom.TakeDataAsync(server, client.ConnectionId));
        // In two pieces: nothing says that app servers send whole messages.
        var answer = MixedRoom.Record("""{"type":3,"invocationId":"0","result":{"c":1.50}}""");
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, answer.AsMemory(0, 20)));
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, answer.AsMemory(20)));
        var result = post is null ? await stream.TakeResultAsync() : await (await post.Within()).Content.ReadAsStringAsync();
        Assert.Contains("\"R\":{\"c\":1.50}", result, StringComparison.Ordinal);
        Assert.Contains("\"I\":\"0\"", result, StringComparison.Ordinal);

        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("""{"type":1,"target":"say","arguments":["to you"]}""")));
        Assert.Equal("""{"H":"chat","M":"say","A":["to you"]}""", await stream.TakeItemAsync());
        await server.SendAsync(new BroadcastDataMessage([], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":["to all"]}""")));
        Assert.Equal("""{"H":"chat","M":"say","A":["to all"]}""", await stream.TakeItemAsync());
    }

    [Fact]
    public async Task An_items_stream_is_progress_and_its_last_item_the_result()
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectCoreServerAsync();
        await server.SendAsync(new PingMessage("tandem.hub", """{"name":"Chat","methods":["Count"],"streams":["Count"]}"""));
        await server.SyncAsync();
        var (client, stream) = await room.ConnectClassicAsync();
        await MixedRoom.TakeDataAsync(server, client.ConnectionId);

        await stream.SendAsync("""{"H":"chat","M":"count","A":[2],"I":0}""");

        Assert.Equal("{\"type\":4,\"invocationId\":\"0\",\"target\":\"count\",\"arguments\":[2]}\u001e", await MixedRoom.TakeDataAsync(server, client.ConnectionId));
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("{}")));
        foreach (var item in (string[])["1", "2", "\"done\""])
        {
            await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record($$"""{"type":2,"invocationId":"0","item":{{item}}}""")));
        }

        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("""{"type":3,"invocationId":"0"}""")));
        Assert.Contains("\"D\":1", await stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"D\":2", await stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"R\":\"done\"", await stream.TakeResultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_to_the_client_is_answered_with_what_it_lacks()
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var server = await room.ConnectCoreServerAsync();
        var (client, _) = await room.ConnectClassicAsync();
        await MixedRoom.TakeDataAsync(server, client.ConnectionId);
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("{}")));

        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("""{"type":1,"invocationId":"7","target":"ask","arguments":[]}""")));

        var answer = await MixedRoom.TakeDataAsync(server, client.ConnectionId);
        Assert.Contains("\"invocationId\":\"7\"", answer, StringComparison.Ordinal);
        Assert.Contains("no client results", answer, StringComparison.Ordinal);
        Assert.Contains("ask", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_hold_both_generations_whoever_made_them_members()
    {
        await using var room = await MixedRoom.StartAsync();
        var classicServer = await room.ConnectClassicServerAsync();
        var coreServer = await room.ConnectCoreServerAsync();
        var (old, stream) = await room.ConnectClassicAsync();
        await classicServer.TakeOpenAsync(old.ConnectionId);
        var modern = await room.ConnectCoreAsync(coreServer);

        await coreServer.SendAsync(new JoinGroupMessage(old.ConnectionId, "room", 1));
        await coreServer.TakeAsync<AckMessage>(static ack => ack.Status == AckStatus.Ok);
        await classicServer.Application.SendAsync(new JoinGroupMessage(modern.ConnectionId, "hg-Chat.room", 2));
        await classicServer.Application.TakeAsync<AckMessage>(static ack => ack.Status == AckStatus.Ok);

        await coreServer.SendAsync(new GroupBroadcastDataMessage("room", [], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":["core"]}"""), []));
        Assert.Equal("""{"H":"chat","M":"say","A":["core"]}""", await stream.TakeItemAsync());
        Assert.Equal("""{"type":1,"target":"say","arguments":["core"]}""", await modern.TakeAsync());

        await classicServer.Application.SendAsync(new GroupBroadcastDataMessage(
            "hg-Chat.room", [old.ConnectionId], ClassicAppServer.Payloads(ClassicAppServer.Messages(ClassicAppServer.Invocation("Chat", "say", ["classic"]))), []));
        Assert.Equal("""{"type":1,"target":"say","arguments":["classic"]}""", await modern.TakeAsync());

        await classicServer.Hub("chat").SendAsync(new BroadcastDataMessage(
            [modern.ConnectionId], ClassicAppServer.Payloads(ClassicAppServer.Messages(ClassicAppServer.Invocation("Chat", "say", ["but you"])))));
        Assert.Contains("but you", await stream.TakeItemAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_cannot_be_translated_is_reported_once_and_harms_nobody()
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var server = await room.ConnectCoreServerAsync();
        var (_, first) = await room.ConnectClassicAsync();
        var (_, second) = await room.ConnectClassicAsync("longPolling");

        await server.SendAsync(new BroadcastDataMessage([], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":[""")));
        await server.SendAsync(new BroadcastDataMessage([], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":["after"]}""")));

        Assert.Contains("after", await first.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("after", await second.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Single(room.Gateway.Log.Entries, static entry => entry.EventName == "NotMixed");
    }

    [Fact]
    public async Task A_stream_that_fails_has_reported_all_its_items()
    {
        await using var room = await MixedRoom.StartAsync();
        var server = await room.ConnectCoreServerAsync();
        await server.SendAsync(new PingMessage("tandem.hub", """{"name":"Chat","methods":["Count"],"streams":["Count"]}"""));
        await server.SyncAsync();
        var (client, stream) = await room.ConnectClassicAsync();
        await MixedRoom.TakeDataAsync(server, client.ConnectionId);
        await stream.SendAsync("""{"H":"chat","M":"count","A":[],"I":0}""");
        await MixedRoom.TakeDataAsync(server, client.ConnectionId);

        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("""{"type":2,"invocationId":"0","item":1}""")));
        await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, MixedRoom.Record("""{"type":3,"invocationId":"0","error":"broken"}""")));

        Assert.Contains("\"D\":1", await stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"E\":\"broken\"", await stream.TakeResultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_does_not_move_with_the_others_but_reconnects()
    {
        await using var room = await MixedRoom.StartAsync();
        var leaving = await room.Gateway.ConnectServerAsync("shop_chat", "core-1", migration: MigrationLevel.ShutdownOnly);
        var (client, stream) = await room.ConnectClassicAsync();
        await MixedRoom.TakeDataAsync(leaving, client.ConnectionId);
        var staying = await room.Gateway.ConnectServerAsync("shop_chat", "core-2", migration: MigrationLevel.ShutdownOnly);

        await leaving.SendAsync(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinMigrate));
        await leaving.TakePingAsync(ServicePing.ShutdownKey);
        Assert.DoesNotContain(staying.Received, static message => message is OpenConnectionMessage);
        await leaving.CloseAsync();
        await stream.Ended;
        await using var again = await client.ReconnectAsync();

        Assert.Equal(client.ConnectionId, (await staying.TakeAsync<OpenConnectionMessage>()).ConnectionId);
    }
}
