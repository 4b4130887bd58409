using Microsoft.AspNet.SignalR.Client;
using Microsoft.AspNet.SignalR.Client.Transports;

namespace Tandem.Compat.Tests.Classic.DotNet;

/// <summary>One classic .NET client and all it was told.</summary>
internal sealed class ClassicClient
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, string Value)> _seen = [];
    private readonly string? _transport;

    /// <param name="url">Where it negotiates.</param>
    /// <param name="query">Of its own.</param>
    /// <param name="transport">Its transport; null leaves that to the client.</param>
    public ClassicClient(string url, IDictionary<string, string> query, string? transport)
    {
        _transport = transport;
        Connection = new HubConnection(url, query, useDefaultUrl: false);
        Oracle = Connection.CreateHubProxy("oracle");
        Oracle.On<string, string>("message", See);
        Oracle.On<int>("item", number => See("item", $"{number}"));
        Oracle.On<string, string>("lifecycle", See);
        SecondHub = Connection.CreateHubProxy("SecondHub");
        SecondHub.On<string>("shout", text => See("shout", text));
        TypedHub = Connection.CreateHubProxy("TypedHub");
        TypedHub.On<string, int>("Note", (text, length) => See("note", $"{text} {length}"));
        Connection.Reconnecting += () => See("reconnecting", "");
        Connection.Reconnected += () => See("back", "");
        Connection.Closed += () => See("closed", "");
        Connection.Error += error => See("error", error.Message);
    }

    public HubConnection Connection { get; }

    public IHubProxy Oracle { get; }

    public IHubProxy SecondHub { get; }

    public IHubProxy TypedHub { get; }

    public string Id => Connection.ConnectionId;

    /// <summary>Where it is connected, wherever it was sent from.</summary>
    public string Url => ((IConnection)Connection).Url;

    public Task StartAsync() => StartAsync(Connection, _transport);

    /// <summary>Starts a connection of either kind.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transport">Its transport; null leaves that to the client.</param>
    public static Task StartAsync(Connection connection, string? transport) => (transport switch
    {
        Combinations.WebSockets => connection.Start(new WebSocketTransport()),
        Combinations.ServerSentEvents => connection.Start(new ServerSentEventsTransport()),
        Combinations.LongPolling => connection.Start(new LongPollingTransport()),
        _ => connection.Start(),
    }).Within("start");

    /// <summary>Stops, and waits until the client says so.</summary>
    public Task StopAsync() => Task.Run(Connection.Stop).Within("stop");

    public Task InvokeAsync(string method, params object[] values) => Oracle.Invoke(method, values).Within(method);

    public Task<T> InvokeAsync<T>(string method, params object[] values) => Oracle.Invoke<T>(method, values).Within(method);

    /// <summary>Everything that was seen under the name, in order.</summary>
    public string[] All(string name)
    {
        lock (_lock)
        {
            return [.. _seen.Where(entry => entry.Name == name).Select(entry => entry.Value)];
        }
    }

    public bool Has(string name, string value) => All(name).Contains(value);

    public Task SeesAsync(string name, string value) => UntilAsync($"{name} \"{value}\"", () => Has(name, value));

    /// <summary>The values under the name, as soon as there are so many.</summary>
    public async Task<string[]> CountAsync(string name, int count)
    {
        await UntilAsync($"{count} of \"{name}\"", () => All(name).Length >= count);
        return All(name);
    }

    public Task UntilAsync(string what, Func<bool> condition) => Polling.UntilAsync(
        what, condition, () => string.Join("; ", All("error").Select(error => $"error: {error}").Append($"state {Connection.State}")));

    private void See(string name, string value)
    {
        lock (_lock)
        {
            _seen.Add((name, value));
        }
    }
}
