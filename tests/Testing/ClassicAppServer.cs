using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>A classic app server that does what the test says: one connection for the application and one for each of its hubs.</summary>
public sealed class ClassicAppServer : IAsyncDisposable
{
    private readonly Dictionary<string, ScriptedAppServer> _hubs;

    private ClassicAppServer(string name, ScriptedAppServer application, Dictionary<string, ScriptedAppServer> hubs)
    {
        Name = name;
        Application = application;
        _hubs = hubs;
    }

    /// <summary>Name of the application.</summary>
    public string Name { get; }

    /// <summary>The connection of the application: clients, groups, and what is for one client.</summary>
    public ScriptedAppServer Application { get; }

    /// <summary>The connection of a hub: broadcasts and users.</summary>
    public ScriptedAppServer Hub(string hub) => _hubs[hub];

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<ClassicAppServer> ConnectAsync(TestGateway gateway, string name = "shop", string serverId = "server-1", params string[] hubs)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var connections = new Dictionary<string, ScriptedAppServer>(StringComparer.OrdinalIgnoreCase);
        foreach (var hub in hubs is [] ? ["chat"] : hubs)
        {
            connections[hub] = await OpenAsync(gateway, ServicePaths.PrefixedHub(name, hub), serverId);
        }

        return new ClassicAppServer(name, await OpenAsync(gateway, ServicePaths.ApplicationHub(name), serverId), connections);
    }

    /// <summary>Wraps JSON as classic app servers do.</summary>
    public static byte[] Nest(string json) => NestedPayload.Wrap(Encoding.UTF8.GetBytes(json));

    /// <summary>An envelope with messages as they are sent down.</summary>
    public static byte[] Messages(params string[] messages) => Nest($$"""{"C":"0","M":[{{string.Join(',', messages)}}]}""");

    /// <summary>A client invocation.</summary>
    public static string Invocation(string method, params object[] arguments) => Invocation("chat", method, arguments);

    /// <summary>A client invocation of another hub.</summary>
    public static string Invocation(string hub, string method, object[] arguments) =>
        $$"""{"H":"{{hub}}","M":"{{method}}","A":{{JsonSerializer.Serialize(arguments)}}}""";

    /// <summary>Takes the announcement of a client.</summary>
    public Task<OpenConnectionMessage> TakeOpenAsync(string connectionId) => Application.TakeAsync<OpenConnectionMessage>(open => open.ConnectionId == connectionId);

    /// <summary>Takes the end of a client.</summary>
    public Task<CloseConnectionMessage> TakeCloseAsync(string connectionId) => Application.TakeAsync<CloseConnectionMessage>(close => close.ConnectionId == connectionId);

    /// <summary>Takes the next message of a client.</summary>
    public async Task<string> TakeDataAsync(string connectionId) =>
        Encoding.UTF8.GetString((await Application.TakeAsync<ConnectionDataMessage>(data => data.ConnectionId == connectionId)).Payload.Span);

    /// <summary>Sends JSON to one client: a result, or an envelope.</summary>
    public Task SendAsync(string connectionId, string json) => Application.SendAsync(new ConnectionDataMessage(connectionId, Nest(json)));

    /// <summary>Invokes a method of one client.</summary>
    public Task InvokeAsync(string connectionId, string method, params object[] arguments) =>
        Application.SendAsync(new ConnectionDataMessage(connectionId, Messages(Invocation(method, arguments))));

    /// <summary>Invokes a method of all clients of a hub.</summary>
    public Task BroadcastAsync(string hub, string method, params object[] arguments) =>
        Hub(hub).SendAsync(new BroadcastDataMessage([], Payloads(Messages(Invocation(hub, method, arguments)))));

    /// <summary>Takes a call of a client and answers it with its first argument.</summary>
    public async Task<string> EchoAsync(string connectionId)
    {
        var call = await TakeDataAsync(connectionId);
        using var json = JsonDocument.Parse(call);
        var id = json.RootElement.GetProperty("I").ToString();
        await SendAsync(connectionId, $$"""{"R":{{json.RootElement.GetProperty("A")[0].GetRawText()}},"I":"{{id}}"}""");
        return call;
    }

    /// <summary>The payload of a message to many.</summary>
    public static ServicePayloads Payloads(byte[] nested) => new([new ServicePayload("json", nested)]);

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        foreach (var hub in _hubs.Values)
        {
            await hub.DisposeAsync();
        }
    }

    private static async Task<ScriptedAppServer> OpenAsync(TestGateway gateway, string hub, string serverId)
    {
        var server = await ScriptedAppServer.OpenAsync(gateway.Url, gateway.Tokens.ClassicServer(hub, serverId), hub, serverId, path: "/aspnetserver/");
        await server.HandshakeAsync();
        return server;
    }
}
