using System.Globalization;
using Tandem.Compat.Tests.Classic.DotNet;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Sends 0, 1, 2 … to a group, from a connection that nothing happens to.</summary>
internal sealed class NumberedSender : IAsyncDisposable
{
    private readonly ClassicClient _client;
    private readonly string _group;

    private NumberedSender(ClassicClient client, string group)
    {
        _client = client;
        _group = group;
    }

    /// <summary>How many it has sent.</summary>
    public int Count { get; private set; }

    public static async Task<NumberedSender> StartAsync(string url, string group)
    {
        var client = new ClassicClient(url, new Dictionary<string, string>(), Combinations.WebSockets);
        await client.StartAsync();
        return new NumberedSender(client, group);
    }

    public async Task SendAsync(int count)
    {
        for (var end = Count + count; Count < end; Count++)
        {
            await _client.InvokeAsync("SendGroup", _group, Count.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Waits until it is connected again after the loss of its app server.</summary>
    public Task ReturnAsync() => _client.CountAsync("back", 1);

    public async ValueTask DisposeAsync() => await _client.StopAsync();
}
