using System.Text.Json;
using Microsoft.AspNet.SignalR.Client;
using Microsoft.AspNet.SignalR.Client.Transports;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>The .NET client of ASP.NET SignalR.</summary>
internal sealed class ClassicDotNetMember(string transport, string user) : RoomMember(RoomClients.ClassicDotNet, transport, user)
{
    private HubConnection? _connection;
    private IHubProxy? _hub;

    public HubConnection Connection => _connection ?? throw new InvalidOperationException("The client was not started.");

    public IHubProxy Hub => _hub!;

    public override async Task StartAsync(RoomAddress address)
    {
        var query = new Dictionary<string, string>();
        if (address.Token is not null)
        {
            query["access_token"] = address.Token;
        }

        if (address.User is not null)
        {
            query["user"] = address.User;
        }

        _connection = new HubConnection(address.Url, query, useDefaultUrl: false);
        // As they came: a text that looks like a date is a text.
        _connection.JsonSerializer.DateParseHandling = DateParseHandling.None;
        _connection.Reconnecting += () => Messages.Add("reconnecting", "");
        _connection.Reconnected += () => Messages.Add("back", "");
        _connection.Closed += () => Messages.Add("closed", "");
        _connection.Error += error => Messages.Add("error", error.Message);
        _hub = _connection.CreateHubProxy("room");
        _hub.On<string, JToken>("message", (kind, payload) => Messages.Add(kind, Convert(payload)));
        IClientTransport way = Transport switch
        {
            Combinations.WebSockets => new WebSocketTransport(),
            Combinations.ServerSentEvents => new ServerSentEventsTransport(),
            _ => new LongPollingTransport(),
        };
        await _connection.Start(way).Within($"start of {Name}");
        Id = _connection.ConnectionId;
    }

    public override Task<JsonElement> InvokeAsync(string method, params object?[] values) =>
        CallAsync(async () => Convert(await Hub.Invoke<JToken>(method, values!).Within($"{method} of {Name}")));

    public override Task<JsonElement[]> InvokeWithProgressAsync(string method, params object?[] values) => CallAsync(async () =>
    {
        List<JsonElement> items = [];
        var result = await Hub.Invoke<JToken, JToken>(method, item =>
        {
            items.Add(Convert(item));
            if (item.ToString() == "100")
            {
                _ = Hub.Invoke("SawProgress");
            }
        }, values!).Within($"{method} of {Name}");
        return items.Append(Convert(result)).ToArray();
    });

    public override Task StopAsync() => Task.Run(Connection.Stop).Within($"stop of {Name}");

    public override async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await StopAsync();
        }
    }

    private static JsonElement Convert(JToken? token) => System.Text.Json.JsonSerializer.Deserialize<JsonElement>(
        token is null ? "null" : JsonConvert.SerializeObject(token));

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is HubException or InvalidOperationException)
        {
            throw new RoomCallException(exception.Message);
        }
    }
}
