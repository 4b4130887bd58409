using System.Text.Json;
using Microsoft.AspNet.SignalR.Client;
using Microsoft.AspNet.SignalR.Client.Transports;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Tandem.Compat.Clients;

/// <summary>The .NET client of ASP.NET SignalR.</summary>
internal sealed class ClassicMember : IMember
{
    // The library tells the state a name at a time. This is the one that the hub knows.
    private readonly HashSet<string> _kept = ["count"];
    private readonly HubConnection _connection;
    private readonly IHubProxy _hub;
    private readonly Func<IClientTransport> _transport;

    public ClassicMember(MemberSettings settings, Action<string, object?> see)
    {
        _transport = settings.Transport switch
        {
            "webSockets" => static () => new WebSocketTransport(),
            "serverSentEvents" => static () => new ServerSentEventsTransport(),
            "longPolling" => static () => new LongPollingTransport(),
            _ => throw new UnsupportedException($"the library knows no transport {settings.Transport}"),
        };
        _connection = new HubConnection(settings.Url, QueryOf(settings), useDefaultUrl: false);
        // As they came: a text that looks like a date is a text.
        _connection.JsonSerializer.DateParseHandling = DateParseHandling.None;
        _connection.Reconnecting += () => see("reconnecting", "");
        _connection.Reconnected += () => see("back", _connection.ConnectionId);
        _connection.Closed += () => see("closed", "");
        _connection.Error += error => see("error", error.Message);
        _hub = _connection.CreateHubProxy(settings.Hub);
        _hub.On<string, JToken?>("message", (kind, payload) => see(kind, Plain(payload)));
    }

    public async Task<string?> StartAsync()
    {
        await _connection.Start(_transport());
        return _connection.ConnectionId;
    }

    // It blocks.
    public Task StopAsync() => Task.Run(_connection.Stop);

    public async Task<object?> InvokeAsync(string method, object?[] values) => Plain(await _hub.Invoke<JToken?>(method, values!));

    public async Task<List<object?>> ProgressAsync(string method, object?[] values)
    {
        List<object?> items = [];
        var result = await _hub.Invoke<JToken?, JToken>(method, item =>
        {
            items.Add(Plain(item));
            if (item.ToString() == "100")
            {
                _ = _hub.Invoke("SawProgress");
            }
        }, values!);
        items.Add(Plain(result));
        return items;
    }

    public Task<List<object?>> StreamAsync(string method, object?[] values) => throw new UnsupportedException("the library knows no streams");

    public Task<object?> UploadAsync(string method, object?[] items) => throw new UnsupportedException("the library knows no streams");

    public void Keep(string name, JsonElement value)
    {
        _kept.Add(name);
        _hub[name] = JToken.Parse(value.GetRawText());
    }

    public object State() => _kept.Where(name => _hub[name] is not null).ToDictionary(name => name, name => Plain(_hub[name]));

    public Task ForgetAsync() => Task.Run(_connection.Dispose);

    // The library puts them into the URL as they are.
    private static Dictionary<string, string> QueryOf(MemberSettings settings)
    {
        var query = settings.Query.ToDictionary(each => Uri.EscapeDataString(each.Key), each => Uri.EscapeDataString(each.Value));
        if (settings.Token is not null)
        {
            query["access_token"] = Uri.EscapeDataString(settings.Token);
        }

        return query;
    }

    private static JsonElement Plain(JToken? token) =>
        System.Text.Json.JsonSerializer.Deserialize<JsonElement>(token is null ? "null" : JsonConvert.SerializeObject(token));
}
