using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class HubMethodTests
{
    [Fact]
    public async Task A_client_invokes_a_method_and_gets_its_result()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1");

        await client.InvokeAsync("Echo", "1", "hello");

        var completion = await client.ReadAsync();
        Assert.Equal(3, completion.GetProperty("type").GetInt32());
        Assert.Equal("hello", completion.GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_method_broadcasts_to_all_clients()
    {
        await using var app = await TestApp.StartAsync();
        var server = await app.Gateway.AcceptAsync();
        var client = await ScriptedClient.ConnectAsync(server, "c1");

        await client.InvokeAsync("Broadcast", null, "hello");

        var broadcast = await app.Gateway.TakeAsync<BroadcastDataMessage>();
        Assert.Empty(broadcast.ExcludedConnectionIds);
    }

    [Fact]
    public async Task Negotiate_sends_the_client_to_the_gateway()
    {
        await using var app = await TestApp.StartAsync();

        using var answer = await app.NegotiateAsync();

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains(app.Gateway.Url + "/client/?hub=chathub", text, StringComparison.Ordinal);
    }
}
