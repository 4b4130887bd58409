using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

public sealed class HubMethodTests
{
    [Fact]
    public async Task A_call_is_answered_on_the_clients_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        var answer = await client.InvokeAsync("chat", "Echo", "hello");

        Assert.Equal("hello", answer.GetProperty("R").GetString());
        Assert.False(answer.TryGetProperty("E", out _));
    }

    [Fact]
    public async Task A_broadcast_goes_out_on_the_hubs_server_connection()
    {
        await using var app = await TestApp.StartAsync();
        var client = await app.ConnectAsync();

        await client.InvokeAsync("chat", "All", "hi");

        var sent = await app.Gateway.Received.TakeAsync(static item => item.Message is BroadcastDataMessage, "the broadcast");
        Assert.Equal("app_chat", sent.Connection.Hub);
        var broadcast = (BroadcastDataMessage)sent.Message;
        Assert.Empty(broadcast.ExcludedConnectionIds);
        Assert.Equal("""{"C":"0","M":[{"H":"chat","M":"message","A":["all","hi"]}]}""", JsonSerializer.Serialize(ScriptedClassicClient.Unwrap(broadcast.Payloads)));
    }
}
