using Microsoft.AspNet.SignalR.Client;

namespace Tandem.Compat.Tests.Classic.DotNet;

/// <summary>One classic .NET client of a PersistentConnection and all it was told.</summary>
/// <param name="url">Where it negotiates.</param>
/// <param name="transport">Its transport.</param>
internal sealed class ClassicRawClient(string url, string transport)
{
    private readonly Lock _lock = new();
    private readonly List<string> _seen = [];
    private readonly Connection _connection = new(url);

    /// <summary>The first id it had.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Where it is connected, wherever it was sent from.</summary>
    public string Url => ((IConnection)_connection).Url;

    /// <summary>Everything it was told, in order.</summary>
    public string[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Connects, and waits for the greeting of the application.</summary>
    public async Task StartAsync()
    {
        _connection.Received += text =>
        {
            lock (_lock)
            {
                _seen.Add(text);
            }
        };
        await ClassicClient.StartAsync(_connection, transport);
        Id = _connection.ConnectionId;
        await UntilAsync("the greeting", all => all.Any(text => text.Contains("connected", StringComparison.Ordinal) && text.Contains(Id, StringComparison.Ordinal)));
    }

    public Task StopAsync() => Task.Run(_connection.Stop).Within("stop");

    public Task SendAsync(string text) => _connection.Send(text).Within(text);

    public Task SeesAsync(string text) => UntilAsync($"\"{text}\"", all => all.Contains(text));

    private Task UntilAsync(string what, Func<string[], bool> condition) =>
        Polling.UntilAsync(what, () => condition(All), () => $"Seen: {string.Join("; ", All)}");
}
