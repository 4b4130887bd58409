using System.Net.WebSockets;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Tests.ServerConnections;

public sealed class FramingTests
{
    private static readonly ServiceMessage[] Conversation =
    [
        new ConnectionDataMessage("c1", "first"u8.ToArray()),
        new JoinGroupMessage("c1", "room", 1),
        new GroupBroadcastDataMessage("room", [], new ServicePayloads(new ServicePayload("json", "second"u8.ToArray())), [], null),
        new PingMessage(ServicePing.StatusKey, "1"),
        new ConnectionDataMessage("c1", new byte[40_000]),
        new CheckGroupExistenceMessage("room", 2),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task The_stream_may_be_cut_anywhere_and_messages_may_share_a_piece(int pieceBytes)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");
        // The long payload only where it does not become forty thousand messages.
        var messages = pieceBytes < 100 ? Conversation.Where(message => message is not ConnectionDataMessage { Payload.Length: > 100 }) : Conversation;
        var stream = messages.SelectMany(ServiceProtocolWriter.WriteToArray).ToArray();

        for (var sent = 0; sent < stream.Length; sent += Math.Min(pieceBytes, stream.Length - sent))
        {
            await server.SendBytesAsync(stream.AsMemory(sent, Math.Min(pieceBytes, stream.Length - sent)));
        }

        Assert.Equal(AckStatus.Ok, (await server.TakeAsync<AckMessage>(ack => ack.AckId == 1)).Status);
        Assert.Equal(AckStatus.Ok, (await server.TakeAsync<AckMessage>(ack => ack.AckId == 2)).Status);
        await server.TakePingAsync(ServicePing.StatusKey);
        await client.TakeAsync("first");
        await client.TakeAsync("second");
    }

    [Fact]
    public async Task Empty_pieces_are_no_end()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();

        await server.SendBytesAsync(Array.Empty<byte>());
        await server.SendBytesAsync(Array.Empty<byte>());

        await server.SyncAsync();
    }

    [Theory]
    [InlineData("FFFFFFFFFF01", "a length of more than 2 GiB")]
    [InlineData("03010203", "no array")]
    [InlineData("0190", "an empty array")]
    [InlineData("0291A0", "a type that is no number")]
    public async Task Bytes_that_are_no_service_protocol_end_that_connection_and_no_other(string hex, string what)
    {
        Assert.NotEmpty(what);
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var broken = await gateway.ConnectServerAsync(serverId: "broken");
        var itsClient = await TestClient.ConnectAsync(gateway, "c1");
        var fine = await gateway.ConnectServerAsync(serverId: "fine");
        var otherClient = await TestClient.ConnectAsync(gateway, "c2");

        await broken.SendBytesAsync(Convert.FromHexString(hex));

        Assert.StartsWith("The gateway ends this connection", (await broken.TakeAsync<ServiceErrorMessage>()).ErrorMessage);
        Assert.Equal(WebSocketCloseStatus.ProtocolError, await broken.Closed);
        await Eventually.TrueAsync(() => itsClient.Ended == CloseReason.ServerConnectionLost, "its client is closed");
        Assert.Equal("fine", Assert.Single(gateway.Pool()).ServerId);
        Assert.True(await otherClient.SendAsync("hello"));
        await fine.TakeAsync<ConnectionDataMessage>(data => data.Payload.Span.SequenceEqual("hello"u8));
        Assert.Equal(CloseReason.None, otherClient.Ended);
    }

    [Fact]
    public async Task Text_ends_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.ConnectServerAsync();

        await server.SendTextAsync();

        await server.TakeAsync<ServiceErrorMessage>();
        Assert.Equal(WebSocketCloseStatus.ProtocolError, await server.Closed);
    }

    [Fact]
    public async Task An_unreadable_message_is_skipped_and_logged_and_what_follows_is_read()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Unreadable");
        var server = await gateway.ConnectServerAsync();

        // [18, 1, 2, 3, 4]: a join whose connection id is a number.
        await server.SendBytesAsync(Convert.FromHexString("06951201020304"));
        await server.SendBytesAsync(Convert.FromHexString("06951201020304"));
        await server.SyncAsync();

        Assert.Single(gateway.Log.Entries, entry => entry.EventName == "Unreadable");
        Assert.Single(gateway.Pool());
    }

    [Fact]
    public async Task A_message_of_an_unknown_type_is_skipped()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("UnknownMessage");
        var server = await gateway.ConnectServerAsync();

        await server.SendBytesAsync(Convert.FromHexString("03926301"));

        await server.SyncAsync();
    }

    [Fact]
    public async Task An_oversized_message_for_one_client_ends_that_client_and_the_stream_goes_on()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        gateway.Log.Expect("Oversized");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");
        var neighbour = await TestClient.ConnectAsync(gateway, "c2");

        await server.SendAsync(new ConnectionDataMessage("c1", new byte[300_000]));
        await server.SyncAsync();

        Assert.Equal(CloseReason.MessageTooLarge, client.Ended);
        Assert.Equal(CloseReason.None, neighbour.Ended);
        Assert.Equal("c1", (await server.TakeAsync<CloseConnectionMessage>()).ConnectionId);
    }

    [Fact]
    public async Task An_oversized_client_invocation_is_answered_with_an_error()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        gateway.Log.Expect("Oversized");
        var server = await gateway.ConnectServerAsync();
        var payloads = new ServicePayloads(new ServicePayload("json", new byte[70_000]));

        await server.SendAsync(new ClientInvocationMessage("i1", "c1", "server-1", payloads));

        var completion = await server.TakeAsync<ErrorCompletionMessage>();
        Assert.Equal(("i1", "c1", "server-1"), (completion.InvocationId, completion.ConnectionId, completion.CallerServerId));
        Assert.Contains("65536", completion.Error);
    }

    [Fact]
    public async Task An_oversized_answer_of_a_client_fails_the_question_at_once()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        gateway.Log.Expect("Oversized");
        var server = await gateway.ConnectServerAsync();
        await TestClient.ConnectAsync(gateway, "c1");
        var asker = await gateway.ConnectServerAsync(serverId: "server-2");
        await asker.SendAsync(new ClientInvocationMessage("i1", "c1", "server-2", new ServicePayloads(new ServicePayload("json", new byte[10]))));
        await server.TakeAsync<ClientInvocationMessage>();

        await server.SendAsync(new ClientCompletionMessage("i1", "c1", "server-1", "json", new byte[70_000]));

        var completion = await asker.TakeAsync<ErrorCompletionMessage>();
        Assert.Equal(("i1", "c1", "server-2"), (completion.InvocationId, completion.ConnectionId, completion.CallerServerId));
        Assert.Contains("65536", completion.Error);
        await server.SyncAsync();
    }

    [Fact]
    public async Task An_oversized_broadcast_is_dropped_and_the_clients_stay()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        gateway.Log.Expect("Oversized");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");

        await server.SendAsync(new BroadcastDataMessage([], new ServicePayloads(new ServicePayload("json", new byte[70_000]))));
        await server.SyncAsync();

        Assert.Equal(CloseReason.None, client.Ended);
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_read()
    {
        await using var gateway = await TestGateway.StartAsync("Tandem:Servers:MaxMessageBytes=65536");
        var server = await gateway.ConnectServerAsync();
        var client = await TestClient.ConnectAsync(gateway, "c1");
        var overhead = ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("c1", new byte[65_000])).Length - 65_000 - 3;
        var text = new string('x', 65_536 - overhead);

        await server.SendAsync(new ConnectionDataMessage("c1", System.Text.Encoding.ASCII.GetBytes(text)));

        await client.TakeAsync(text);
    }
}
