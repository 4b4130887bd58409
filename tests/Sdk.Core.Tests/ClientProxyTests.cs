using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Core.Tests;

public sealed class ClientProxyTests
{
    private const string Json = "{\"type\":1,\"target\":\"news\",\"arguments\":[\"hello\",1]}\u001e";

    public static TheoryData<string, Func<IHubClients<IClientProxy>, IClientProxy>, Func<ServicePayloads, ServiceMessage>> Targets => new()
    {
        { "All", static c => c.All, static p => new BroadcastDataMessage([], p) },
        { "AllExcept", static c => c.AllExcept("x", "y"), static p => new BroadcastDataMessage(["x", "y"], p) },
        { "Client", static c => c.Client("x"), static p => new MultiConnectionDataMessage(["x"], p) },
        { "Clients", static c => c.Clients("x", "y"), static p => new MultiConnectionDataMessage(["x", "y"], p) },
        { "User", static c => c.User("u"), static p => new UserDataMessage("u", p) },
        { "Users", static c => c.Users("u", "v"), static p => new MultiUserDataMessage(["u", "v"], p) },
        { "Group", static c => c.Group("g"), static p => new GroupBroadcastDataMessage("g", [], p, []) },
        { "GroupExcept", static c => c.GroupExcept("g", "x"), static p => new GroupBroadcastDataMessage("g", ["x"], p, []) },
        { "Groups", static c => c.Groups("g", "h"), static p => new MultiGroupBroadcastDataMessage(["g", "h"], p) },
    };

    [Theory]
    [MemberData(nameof(Targets), DisableDiscoveryEnumeration = true)]
    public async Task Every_target_is_one_message_in_every_protocol_of_the_hub(
        string name, Func<IHubClients<IClientProxy>, IClientProxy> target, Func<ServicePayloads, ServiceMessage> expected)
    {
        await using var app = await TestApp.StartAsync(signalR: static hubs => hubs.AddMessagePackProtocol());
        await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        await target(app.Hub.Clients).SendAsync("news", "hello", 1);

        byte[] messagePack = [0x0F, 0x96, 0x01, 0x80, 0xC0, 0xA4, .. "news"u8, 0x92, 0xA5, .. "hello"u8, 0x01, 0x90];
        messagePack[0] = (byte)(messagePack.Length - 1);
        var payloads = new ServicePayloads(
            new ServicePayload("json", Encoding.UTF8.GetBytes(Json)),
            new ServicePayload("messagepack", messagePack));
        var received = await app.Gateway.Received.TakeAsync(static item => item.Message is not PingMessage, name);
        Assert.Equal(
            Convert.ToHexString(ServiceProtocolWriter.WriteToArray(expected(payloads))),
            Convert.ToHexString(ServiceProtocolWriter.WriteToArray(received.Message)));
    }

    [Fact]
    public async Task A_client_of_this_process_gets_its_own_protocol_only_on_its_own_server_connection()
    {
        await using var app = await TestApp.StartAsync(
            static options => options.InitialHubServerConnectionCount = 3, signalR: static hubs => hubs.AddMessagePackProtocol());
        await app.Gateway.AcceptAsync();
        await app.Gateway.AcceptAsync();
        var server = await app.Gateway.AcceptAsync();
        await Testing.ScriptedClient.ConnectAsync(server, "c1");

        for (var i = 0; i < 3; i++)
        {
            await app.Hub.Clients.Client("c1").SendAsync("news");
            var message = await server.TakeAsync<MultiConnectionDataMessage>();
            Assert.Equal("json", Assert.Single(message.Payloads.Items.ToArray()).Protocol);
        }
    }

    [Fact]
    public async Task An_empty_list_of_targets_sends_nothing()
    {
        await using var app = await TestApp.StartAsync();
        await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();

        await app.Hub.Clients.Clients([]).SendAsync("news");
        await app.Hub.Clients.Users([]).SendAsync("news");
        await app.Hub.Clients.Groups([]).SendAsync("news");
        await app.Hub.Clients.All.SendAsync("fence");

        var first = await app.Gateway.Received.TakeAsync(static item => item.Message is not PingMessage, "the fence");
        Assert.IsType<BroadcastDataMessage>(first.Message);
    }

    [Fact]
    public async Task A_typed_hub_context_works_alike()
    {
        await using var app = await TestApp.StartAsync(map: static app => Microsoft.AspNetCore.Builder.HubEndpointRouteBuilderExtensions.MapHub<TypedHub>(app, "/typed"));
        var server = await app.Gateway.AcceptAsync();
        Assert.Equal("typedhub", server.Hub);
        await app.ConnectedAsync();

        await app.Services.GetRequiredService<IHubContext<TypedHub, INews>>().Clients.Group("g").Headline("it works");

        var message = await app.Gateway.TakeAsync<GroupBroadcastDataMessage>();
        Assert.True(message.Payloads.TryGet("json", out var json));
        Assert.Contains("\"target\":\"Headline\",\"arguments\":[\"it works\"]", Encoding.UTF8.GetString(json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_while_disconnected_throws_and_names_hub_and_endpoint()
    {
        await using var app = await TestApp.StartAsync();
        await app.Gateway.AcceptAsync();
        await app.ConnectedAsync();
        await app.Gateway.CrashAsync();
        await app.DisconnectedAsync();

        var error = await Assert.ThrowsAsync<Connections.TandemNotConnectedException>(() => app.Hub.Clients.All.SendAsync("lost?"));
        Assert.Equal("chathub", error.Hub);
        Assert.Contains(app.Gateway.Url, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Connections.TandemNotConnectedException>(() => app.Hub.Groups.AddToGroupAsync("c", "g"));
        await Assert.ThrowsAsync<Connections.TandemNotConnectedException>(() => app.Hub.Clients.Client("c").InvokeAsync<int>("ask", default));
    }
}

/// <summary>What clients of <see cref="TypedHub"/> understand.</summary>
public interface INews
{
    Task Headline(string text);
}

public sealed class TypedHub : Hub<INews>
{
    public Task Publish(string text) => Clients.All.Headline(text);
}
