using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>Classic clients whose hub is one of ASP.NET Core.</summary>
public sealed class ClassicOnCoreTests
{
    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_client_calls_is_answered_and_called(string transport)
    {
        await using var room = await MixedRoom.StartAsync();
        var served = await room.ServeClassicAsync(transport);
        var open = await served.Server.TakeAsync<OpenConnectionMessage>();
        Assert.Equal((served.Id, "json"), (open.ConnectionId, open.Protocol));

        var call = served.CallAsync("""{"H":"Chat","M":"Send","A":["a",{"b":[1.50]}],"I":0}""");

        Assert.Equal("""{"type":1,"invocationId":"0","target":"Send","arguments":["a",{"b":[1.50]}]}""", (await served.TakeAsync()).TrimEnd(RawCoreClient.RecordSeparator));
        await served.SendAsync("""{"type":3,"invocationId":"0","result":{"c":1.50}}""");
        Assert.Equal("""{"I":"0","R":{"c":1.50}}""", await call);

        await served.SendAsync("""{"type":1,"target":"say","arguments":["to you"]}""");
        Assert.Equal("""{"H":"chat","M":"say","A":["to you"]}""", await served.Stream.TakeItemAsync());
        await served.Server.SendAsync(new BroadcastDataMessage([], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":["to all"]}""")));
        Assert.Equal("""{"H":"chat","M":"say","A":["to all"]}""", await served.Stream.TakeItemAsync());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public async Task An_app_server_may_cut_its_messages_anywhere(int pieceLength)
    {
        await using var room = await MixedRoom.StartAsync();
        var served = await room.ServeClassicAsync();
        var text = new string('x', pieceLength * 3000);
        ReadOnlyMemory<byte> all = MixedRoom.Record($$"""{"type":1,"target":"say","arguments":["{{text}}"]}""");

        for (; !all.IsEmpty; all = all[Math.Min(pieceLength, all.Length)..])
        {
            await served.Server.SendAsync(new ConnectionDataMessage(served.Id, all[..Math.Min(pieceLength, all.Length)]));
        }

        Assert.Equal($$"""{"H":"chat","M":"say","A":["{{text}}"]}""", await served.Stream.TakeItemAsync());
    }

    [Theory]
    [InlineData("webSockets")]
    [InlineData("serverSentEvents")]
    [InlineData("longPolling")]
    public async Task A_call_without_an_id_is_answered_without_one(string transport)
    {
        await using var room = await MixedRoom.StartAsync();
        var served = await room.ServeClassicAsync(transport, """{"name":"Chat","methods":["Send","Count"],"streams":["Count"]}""");

        foreach (var (outcome, answer) in new[] { ("\"result\":5", "\"R\":5"), ("\"error\":\"no\"", "\"E\":\"no\"") })
        {
            var call = served.CallAsync("""{"H":"chat","M":"Send","A":[]}""");
            await AnswerAsync(served, "{\"type\":3,\"invocationId\":\"ID\"," + outcome + "}");
            Assert.Equal("{\"I\":null," + answer + "}", await call);
        }

        var counting = served.CallAsync("""{"H":"chat","M":"Count","A":[]}""");
        await AnswerAsync(
            served, """{"type":2,"invocationId":"ID","item":1}""", """{"type":2,"invocationId":"ID","item":2}""", """{"type":3,"invocationId":"ID"}""");
        Assert.Equal("""{"I":null,"R":2}""", await counting);
    }

    [Fact]
    public async Task Calls_whose_ids_look_like_those_of_calls_without_keep_them()
    {
        await using var room = await MixedRoom.StartAsync();
        var served = await room.ServeClassicAsync();

        foreach (var id in (string[])["~", "~1", "~~1"])
        {
            var call = served.CallAsync("{\"H\":\"chat\",\"M\":\"Send\",\"A\":[],\"I\":\"" + id + "\"}");
            await AnswerAsync(served, """{"type":3,"invocationId":"ID","result":1}""");
            Assert.Equal("{\"I\":\"" + id + "\",\"R\":1}", await call);
        }
    }

    [Theory]
    [InlineData("""{"H":"chat","M":"Upload","A":[]}""", "chat.Upload")]
    [InlineData("""{"H":"nowhere","M":"Send","A":[]}""", "'nowhere' Hub could not be resolved.")]
    public async Task A_call_without_an_id_that_cannot_be_made_is_told_why(string call, string reason)
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var served = await room.ServeClassicAsync("longPolling", """{"name":"Chat","methods":["Upload"],"uploads":["Upload"]}""");

        var answer = await served.CallAsync(call);

        Assert.StartsWith("{\"I\":null,\"E\":", answer, StringComparison.Ordinal);
        Assert.Contains(reason, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"I":0}""")]
    [InlineData("""{"H":"chat","A":[],"I":0}""")]
    [InlineData("""{"H":"chat","M":"Send","A":{},"I":0}""")]
    public async Task A_POST_that_is_no_call_is_refused_and_a_frame_is_ignored(string data)
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var polling = await room.ServeClassicAsync("longPolling");
        var (_, socket) = await room.ConnectClassicAsync();

        using var response = await polling.Client.SendAsync(data).Within();
        await socket.SendAsync(data);
        await socket.SendAsync("""{"H":"nowhere","M":"Send","A":[],"I":1}""");

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("{\"I\":\"1\",", await socket.TakeResultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_items_stream_is_progress_and_its_last_item_the_result()
    {
        await using var room = await MixedRoom.StartAsync();
        var served = await room.ServeClassicAsync(description: """{"name":"Chat","methods":["Count"],"streams":["Count"]}""");

        var call = served.CallAsync("""{"H":"chat","M":"count","A":[2],"I":0}""");

        Assert.Equal("""{"type":4,"invocationId":"0","target":"count","arguments":[2]}""", (await served.TakeAsync()).TrimEnd(RawCoreClient.RecordSeparator));
        foreach (var item in (string[])["1", "2", "\"done\""])
        {
            await served.SendAsync($$"""{"type":2,"invocationId":"0","item":{{item}}}""");
        }

        await served.SendAsync("""{"type":3,"invocationId":"0"}""");
        Assert.Contains("\"D\":1", await served.Stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"D\":2", await served.Stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"R\":\"done\"", await call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_to_the_client_is_answered_with_what_it_lacks()
    {
        await using var room = await MixedRoom.StartAsync();
        room.Gateway.Log.Expect("NotMixed");
        var served = await room.ServeClassicAsync();

        await served.SendAsync("""{"type":1,"invocationId":"7","target":"ask","arguments":[]}""");

        var answer = await served.TakeAsync();
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
        var served = await room.ServeClassicAsync(description: """{"name":"Chat","methods":["Count"],"streams":["Count"]}""");

        var call = served.CallAsync("""{"H":"chat","M":"count","A":[],"I":0}""");
        await served.TakeAsync();
        await served.SendAsync("""{"type":2,"invocationId":"0","item":1}""");
        await served.SendAsync("""{"type":3,"invocationId":"0","error":"broken"}""");

        Assert.Contains("\"D\":1", await served.Stream.TakeItemAsync(), StringComparison.Ordinal);
        Assert.Contains("\"E\":\"broken\"", await call, StringComparison.Ordinal);
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

    /// <summary>Answers the next call, whatever its id is.</summary>
    private static async Task AnswerAsync(ClassicOnCore served, params string[] answers)
    {
        var call = JsonDocument.Parse((await served.TakeAsync()).TrimEnd(RawCoreClient.RecordSeparator)).RootElement;
        foreach (var answer in answers)
        {
            await served.SendAsync(answer.Replace("\"ID\"", call.GetProperty("invocationId").GetRawText(), StringComparison.Ordinal));
        }
    }
}
