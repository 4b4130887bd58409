using System.Net.WebSockets;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.ServerConnections;

public sealed class HandshakeTests
{
    [Fact]
    public async Task An_app_server_with_a_valid_token_is_accepted_and_pinged()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        var server = await gateway.OpenServerAsync(connectionId: "cid-1");

        var response = await server.HandshakeAsync();
        Assert.Equal("cid-1", response.ConnectionId);

        gateway.Advance(TimeSpan.FromSeconds(5));
        var ping = await server.TakeAsync<PingMessage>();
        Assert.Empty(ping.Pairs);
    }

    [Fact]
    public async Task The_golden_bytes_of_the_handshake_are_understood()
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.OpenServerAsync();

        await server.SendBytesAsync(Convert.FromHexString("0796010100a00080"));

        Assert.Null((await server.TakeAsync<HandshakeResponseMessage>()).Error is { Length: > 0 } error ? error : null);
    }

    [Theory]
    [InlineData("/server")]
    [InlineData("/server/")]
    public async Task Both_spellings_of_the_path_are_accepted(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), path: path);

        await server.HandshakeAsync();
    }

    [Fact]
    public async Task A_version_of_the_future_is_refused_with_an_error()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.OpenServerAsync();

        await server.SendAsync(new HandshakeRequestMessage(2, ServerConnectionKind.Default));

        Assert.Contains("Version 2", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await server.Closed);
    }

    [Fact]
    public async Task An_unknown_kind_is_refused_with_an_error()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.OpenServerAsync();

        await server.SendAsync(new HandshakeRequestMessage(1, (ServerConnectionKind)9));

        Assert.Contains("kind 9", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await server.Closed);
    }

    [Fact]
    public async Task Another_first_message_is_refused_with_an_error()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.OpenServerAsync();

        await server.SendAsync(PingMessage.KeepAlive);

        Assert.Contains("handshake", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await server.Closed);
    }

    [Fact]
    public async Task A_large_first_message_is_refused_with_an_error()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.OpenServerAsync();

        await server.SendAsync(new ServiceErrorMessage(new string('x', ServerHandshake.MaxBytes)));

        Assert.Contains("larger", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await server.Closed);
    }

    [Fact]
    public async Task Silence_instead_of_a_handshake_ends_after_the_timeout()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        gateway.Log.Expect("Ended");
        var server = await gateway.OpenServerAsync();
        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 1, "the connection arrives");

        gateway.Advance(TimeSpan.FromSeconds(14));
        Assert.Empty(server.Received);
        gateway.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("15 seconds", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await server.Closed);
    }

    [Fact]
    public async Task A_handshake_that_comes_too_late_gets_no_clients()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        gateway.Log.Expect("Ended");
        // It does not read, so it does not see that it was refused.
        await using var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.Server(), serverId: "server-1", reads: false);
        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 1, "the connection arrives");
        gateway.Advance(TimeSpan.FromSeconds(16));

        await server.SendAsync(new HandshakeRequestMessage(1, ServerConnectionKind.Default));
        server.StartReading();
        Assert.Contains("15 seconds", (await server.TakeAsync<HandshakeResponseMessage>()).Error);
        await Eventually.TrueAsync(() => gateway.ServerConnectionCount() == 0, "the connection goes");

        Assert.DoesNotContain(gateway.Log.Entries, static entry => entry.EventName == "Attached");
    }

    [Fact]
    public async Task A_migration_level_of_the_future_counts_as_off()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync(migration: (MigrationLevel)7);

        Assert.Equal(MigrationLevel.Off, gateway.Pool().Single().MigrationLevel);
    }

    [Fact]
    public async Task A_weak_connection_takes_no_clients()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync(kind: ServerConnectionKind.Weak);

        var connection = gateway.Pool().Single();
        Assert.Equal(ServerConnectionKind.Weak, connection.Kind);
        Assert.False(connection.AcceptsClients);
    }

    [Fact]
    public async Task The_server_id_comes_from_the_header_or_else_from_the_token()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await gateway.OpenServerAsync(serverId: "of-header", token: gateway.Tokens.Server(serverId: "of-token"));
        await first.HandshakeAsync();
        Assert.Equal("of-header", gateway.Pool().Single().ServerId);

        var second = await gateway.OpenServerAsync(token: gateway.Tokens.Server(serverId: "of-token"), sendHeader: false);
        await second.HandshakeAsync();
        Assert.Contains(gateway.Pool(), connection => connection.ServerId == "of-token");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_not_given_twice()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await (await gateway.OpenServerAsync(connectionId: "same")).HandshakeAsync();
        var second = await (await gateway.OpenServerAsync(connectionId: "same")).HandshakeAsync();
        var elsewhere = await (await gateway.OpenServerAsync("other", connectionId: "same")).HandshakeAsync();

        Assert.Equal("same", first.ConnectionId);
        Assert.NotEqual("same", second.ConnectionId);
        Assert.Equal("same", elsewhere.ConnectionId);
    }
}
