using System.Text;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>A client that is connected through the gateway, and the app server's side of it.</summary>
internal sealed class CoreSession(RawCoreClient client, ScriptedAppServer server, OpenConnectionMessage opened) : IAsyncDisposable
{
    private const char RecordSeparator = RawCoreClient.RecordSeparator;

    private readonly List<byte> _data = [];

    public RawCoreClient Client => client;

    public ScriptedAppServer Server => server;

    public OpenConnectionMessage Opened => opened;

    public string Id => opened.ConnectionId;

    /// <summary>A client that has not negotiated yet.</summary>
    public static RawCoreClient NewClient(TestGateway gateway, string hub = "chat", Dictionary<string, object>? claims = null) =>
        new(gateway.Url, gateway.Tokens.Client(hub, claims), hub);

    /// <summary>Negotiates, connects and shakes hands.</summary>
    public static async Task<CoreSession> ConnectAsync(
        TestGateway gateway,
        ScriptedAppServer server,
        RawTransport transport = RawTransport.WebSockets,
        string protocol = "json",
        Dictionary<string, object>? claims = null,
        string hub = "chat")
    {
        var client = NewClient(gateway, hub, claims);
        client.IsBinary = protocol != "json";
        await client.StartAsync(transport);
        return await ShakeHandsAsync(client, server, protocol);
    }

    /// <summary>Shakes hands over a receiving side that is open.</summary>
    public static async Task<CoreSession> ShakeHandsAsync(RawCoreClient client, ScriptedAppServer server, string protocol = "json")
    {
        var session = await OpenAsync(client, server, protocol);
        await session.SendDownAsync("{}");
        Assert.Equal("{}", await client.TakeAsync());
        return session;
    }

    /// <summary>Sends the handshake, and leaves it unanswered.</summary>
    public static async Task<CoreSession> OpenAsync(RawCoreClient client, ScriptedAppServer server, string protocol = "json")
    {
        var handshake = $$"""{"protocol":"{{protocol}}","version":1}""";
        await client.SendAsync(handshake);
        var open = await server.TakeAsync<OpenConnectionMessage>(message => client.ConnectionId.Length == 0 || message.ConnectionId == client.ConnectionId);
        var session = new CoreSession(client, server, open);
        Assert.Equal(handshake, await session.TakeUpAsync());
        return session;
    }

    /// <summary>Sends a JSON record to the client, directly.</summary>
    public Task SendDownAsync(string record) => SendDownAsync(Encoding.UTF8.GetBytes(record + RecordSeparator));

    public Task SendDownAsync(byte[] bytes) => server.SendAsync(new ConnectionDataMessage(Id, bytes));

    /// <summary>The next JSON record of the client at the app server, however it was cut.</summary>
    public async Task<string> TakeUpAsync()
    {
        int end;
        while ((end = _data.IndexOf((byte)RecordSeparator)) < 0)
        {
            await FillAsync();
        }

        var record = Encoding.UTF8.GetString([.. _data[..end]]);
        _data.RemoveRange(0, end + 1);
        return record;
    }

    /// <summary>So many bytes of the client at the app server, however they were cut.</summary>
    public async Task<byte[]> TakeUpAsync(int count)
    {
        while (_data.Count < count)
        {
            await FillAsync();
        }

        var bytes = _data[..count].ToArray();
        _data.RemoveRange(0, count);
        return bytes;
    }

    /// <summary>The message that tells the app server of the client's end.</summary>
    public Task<CloseConnectionMessage> TakeCloseAsync() => server.TakeAsync<CloseConnectionMessage>(close => close.ConnectionId == Id);

    /// <summary>Goes back and forth once: messages flow in both directions, and all before has arrived.</summary>
    public async Task AssertAliveAsync(string mark = "alive")
    {
        await client.SendAsync($$"""{"up":"{{mark}}"}""");
        Assert.Equal($$"""{"up":"{{mark}}"}""", await TakeUpAsync());
        await SendDownAsync($$"""{"down":"{{mark}}"}""");
        Assert.Equal($$"""{"down":"{{mark}}"}""", await client.TakeAsync());
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private async Task FillAsync()
    {
        var data = await server.TakeAsync<ConnectionDataMessage>(message => message.ConnectionId == Id);
        _data.AddRange(data.Payload.ToArray());
    }
}
