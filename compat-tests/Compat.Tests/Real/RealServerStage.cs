using Tandem.Compat.Tests.Mixed;
using Tandem.Compat.Tests.Real;

[assembly: AssemblyFixture(typeof(RealServerStage))]

namespace Tandem.Compat.Tests.Real;

/// <summary>The real servers, and a room for each of them and each way to come to it; started by the first test that needs them.</summary>
public sealed class RealServerStage : IAsyncDisposable
{
    private readonly RealServers _servers = new();
    private readonly Lazy<Task> _started;
    private readonly Dictionary<(bool IsClassic, bool IsRedirected), Lazy<Task<RoomRun>>> _runs = [];
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private RoomDriver? _driver;

    public RealServerStage()
    {
        _started = new Lazy<Task>(StartAsync);
        foreach (var (isClassic, isRedirected) in new[] { (true, false), (true, true), (false, false), (false, true) })
        {
            _runs[(isClassic, isRedirected)] = new Lazy<Task<RoomRun>>(() => RunAsync(isClassic, isRedirected));
        }
    }

    /// <summary>What came of the room whose clients are of one generation and come in one way: it runs once.</summary>
    internal Task<RoomRun> RunOf(bool isClassic, bool isRedirected) => _runs[(isClassic, isRedirected)].Value;

    /// <summary>The servers, when they serve.</summary>
    internal async Task<RealServers> StartedAsync()
    {
        await _started.Value;
        return _servers;
    }

    public async ValueTask DisposeAsync()
    {
        await (_driver?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _servers.DisposeAsync();
        _oneAtATime.Dispose();
    }

    private async Task<RoomRun> RunAsync(bool isClassic, bool isRedirected)
    {
        await _started.Value;
        await _oneAtATime.WaitAsync();
        try
        {
            var url = _servers.UrlOf(isClassic, isRedirected);
            var clients = RoomClients.All.Where(each => RoomClients.IsClassic(each.Client) == isClassic).ToArray();
            var run = new RoomRun($"real {url}", _driver!, (_, user) => new RoomAddress(url, user), clients);
            await run.RunAsync();
            return run;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task StartAsync()
    {
        var driver = RoomDriver.StartAsync("real-rooms");
        await _servers.StartAsync();
        _driver = await driver;
    }
}
