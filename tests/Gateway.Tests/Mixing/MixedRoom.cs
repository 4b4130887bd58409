using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>A gateway, app servers and clients of both generations, all in the hub <c>shop_chat</c>.</summary>
internal sealed class MixedRoom(TestGateway gateway) : IAsyncDisposable
{
    private const string HubName = "shop_chat";

    private readonly List<IAsyncDisposable> _guests = [];

    public TestGateway Gateway => gateway;

    public static async Task<MixedRoom> StartAsync(params string[] settings) => new(await TestGateway.StartAsync(settings));

    /// <summary>The same with a gateway whose metrics are recorded.</summary>
    public static async Task<MixedRoom> StartAsync(MetricRecorder metrics) =>
        new(await TestGateway.StartAsync(null, builder => builder.Services.AddSingleton<IMeterFactory>(metrics)));

    /// <summary>An app server of ASP.NET Core.</summary>
    public Task<ScriptedAppServer> ConnectCoreServerAsync(string hub = HubName) => gateway.ConnectServerAsync(hub, "core-1");

    /// <summary>An app server of ASP.NET SignalR.</summary>
    public async Task<ClassicAppServer> ConnectClassicServerAsync(params string[] hubs)
    {
        var server = await ClassicAppServer.ConnectAsync(gateway, "shop", "classic-1", hubs);
        _guests.Add(server);
        return server;
    }

    /// <summary>A classic client that has started; its app server has been told of it.</summary>
    public async Task<(RawClassicClient Client, RawClassicReceiver Stream)> ConnectClassicAsync(
        string transport = "webSockets", string connectionData = """[{"name":"Chat"}]""", string? user = null)
    {
        var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient("shop", user)) { ConnectionData = connectionData };
        _guests.Add(client);
        var stream = await client.BeginAsync(transport);
        _guests.Add(stream);
        return (client, stream);
    }

    /// <summary>A classic client that an app server of ASP.NET Core serves, the only one.</summary>
    /// <param name="transport">The client's.</param>
    /// <param name="description">What the app server says of its hub; null when it says nothing.</param>
    public async Task<ClassicOnCore> ServeClassicAsync(string transport = "webSockets", string? description = null)
    {
        var server = await ConnectCoreServerAsync();
        if (description is not null)
        {
            await server.SendAsync(new PingMessage("tandem.hub", description));
            await server.SyncAsync();
        }

        var (client, stream) = await ConnectClassicAsync(transport);
        var served = new ClassicOnCore(server, client, stream);
        Assert.Equal("{\"protocol\":\"json\",\"version\":1}" + RawCoreClient.RecordSeparator, await served.TakeAsync());
        await served.SendAsync("{}");
        return served;
    }

    /// <summary>A Core client that has been answered its handshake, by the app server given or by the gateway.</summary>
    public async Task<RawCoreClient> ConnectCoreAsync(ScriptedAppServer? server = null, string protocol = "json", RawTransport transport = RawTransport.WebSockets)
    {
        var client = new RawCoreClient(gateway.Url, gateway.Tokens.Client(HubName), HubName);
        _guests.Add(client);
        (await client.NegotiateAsync()).Dispose();
        await client.ConnectAsync(transport);
        await client.SendAsync($$"""{"protocol":"{{protocol}}","version":1}""");
        if (server is not null)
        {
            await server.TakeAsync<OpenConnectionMessage>(open => open.ConnectionId == client.ConnectionId);
            await server.TakeAsync<ConnectionDataMessage>(data => data.ConnectionId == client.ConnectionId);
            await server.SendAsync(new ConnectionDataMessage(client.ConnectionId, Record("{}")));
        }

        Assert.Equal("{}", await client.TakeAsync());
        return client;
    }

    /// <summary>What an app server of ASP.NET Core got of a client.</summary>
    public static async Task<string> TakeDataAsync(ScriptedAppServer server, string connectionId) =>
        Encoding.UTF8.GetString((await server.TakeAsync<ConnectionDataMessage>(data => data.ConnectionId == connectionId)).Payload.Span);

    public static byte[] Record(string json) => Encoding.UTF8.GetBytes(json + RawCoreClient.RecordSeparator);

    public static ServicePayloads Payloads(string json) => new([new ServicePayload("json", Record(json))]);

    public async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        await gateway.DisposeAsync();
    }
}
