using Tandem.Compat.Tests.Mixed;

[assembly: AssemblyFixture(typeof(RoomStage))]

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A gateway with a room of each configuration; started by the first test that needs it.</summary>
public sealed class RoomStage : IAsyncDisposable
{
    private readonly GatewayProcess _gateway = new();
    private readonly Dictionary<string, LegacyAppProcess> _owin = [];
    private readonly Dictionary<string, AppServerProcess> _core = [];
    private readonly Lazy<Task> _started;
    private readonly Dictionary<string, Lazy<Task<RoomRun>>> _runs;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private RoomDriver? _driver;

    public RoomStage()
    {
        _started = new Lazy<Task>(StartAsync);
        _runs = RoomConfigurations.All.ToDictionary(each => each, each => new Lazy<Task<RoomRun>>(() => RunAsync(each)));
    }

    /// <summary>What came of a configuration: it runs once.</summary>
    internal Task<RoomRun> RunOf(string configuration) => _runs[configuration].Value;

    /// <summary>Ends all in good order, and fails the run when the gateway has had anything to complain about.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated)
        {
            return;
        }

        try
        {
            await _started.Value;
            var exitCodes = await Task.WhenAll(_owin.Values.Select(app => app.StopAsync()));
            Assert.All(exitCodes, code => Assert.Equal(0, code));
            foreach (var app in _core.Values)
            {
                await app.BeginShutdownAsync();
                Assert.Equal(0, await app.WaitForExitAsync());
            }

            _gateway.Terminate();
            Assert.Equal(0, await _gateway.WaitForExitAsync());
            Assert.Empty(_gateway.Complaints);
        }
        finally
        {
            await (_driver?.DisposeAsync() ?? ValueTask.CompletedTask);
            foreach (var app in _owin.Values)
            {
                await app.DisposeAsync();
            }

            foreach (var app in _core.Values)
            {
                await app.DisposeAsync();
            }

            await _gateway.DisposeAsync();
            _oneAtATime.Dispose();
        }
    }

    private async Task<RoomRun> RunAsync(string configuration)
    {
        await _started.Value;
        // Rooms are full: with one after the other each has the machine for itself.
        await _oneAtATime.WaitAsync();
        try
        {
            var run = new RoomRun(configuration, _driver!, (client, user) => AddressOf(configuration, client, user), RoomClients.All);
            await run.RunAsync();
            return run;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private RoomAddress AddressOf(string configuration, string client, string user) =>
        _owin.TryGetValue(configuration, out var owin) && (RoomClients.IsClassic(client) || !_core.ContainsKey(configuration))
            ? RoomAddress.OfOwin(owin.Url, client, user)
            : RoomAddress.OfCore(_core[configuration].Url, client, user);

    private async Task StartAsync()
    {
        const string LargestMessage = "2097152";
        var driver = RoomDriver.StartAsync("rooms");
        await _gateway.StartAsync($"--Tandem:Classic:MaxMessageBytes={LargestMessage}", $"--Tandem:Classic:MaxSendBytes={LargestMessage}");
        foreach (var (configuration, onMono) in new[] { (RoomConfigurations.OwinOnMono, true), (RoomConfigurations.OwinOnNet, false), (RoomConfigurations.Both, true) })
        {
            _owin[configuration] = new LegacyAppProcess(configuration, onMono, _gateway.ConnectionString, isRoom: true);
        }

        foreach (var configuration in new[] { RoomConfigurations.Core, RoomConfigurations.Both })
        {
            _core[configuration] = AppServerProcess.OfScenarios(_gateway, "--application", configuration);
        }

        await Task.WhenAll([.. _owin.Values.Select(app => app.StartAsync()), .. _core.Values.Select(app => app.StartAsync())]);
        _driver = await driver;
    }
}
