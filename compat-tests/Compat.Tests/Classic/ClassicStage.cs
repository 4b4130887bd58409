using Tandem.Compat.Tests.Classic;

[assembly: AssemblyFixture(typeof(ClassicStage))]

namespace Tandem.Compat.Tests.Classic;

/// <summary>A gateway and the classic application behind it, once on Mono and once on .NET; started by the first test that needs them.</summary>
public sealed class ClassicStage : IAsyncDisposable
{
    private readonly GatewayProcess _gateway = new();
    private readonly List<LegacyAppProcess> _apps = [];
    private readonly Lazy<Task> _started;

    public ClassicStage() => _started = new Lazy<Task>(StartAsync);

    internal GatewayProcess Gateway => _gateway;

    /// <summary>Path of an application's hubs at the gateway.</summary>
    internal static string DirectPath(string runtime) => $"/{runtime}/signalr";

    /// <summary>Path of its PersistentConnection, at the gateway and at the application itself.</summary>
    internal static string RawPath(string runtime) => $"/{runtime}/raw";

    internal async Task<LegacyAppProcess> AppAsync(string runtime)
    {
        await _started.Value;
        return _apps[runtime == ClassicRuns.Mono ? 0 : 1];
    }

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
            var exitCodes = await Task.WhenAll(_apps.Select(app => app.StopAsync()));
            Assert.Equal([0, 0], exitCodes);
            _gateway.Terminate();
            Assert.Equal(0, await _gateway.WaitForExitAsync());
            Assert.Empty(_gateway.Complaints);
        }
        finally
        {
            foreach (var app in _apps)
            {
                await app.DisposeAsync();
            }

            await _gateway.DisposeAsync();
        }
    }

    private static string[] Application(string runtime) =>
    [
        $"--Tandem:Classic:Applications:{runtime}:Path={DirectPath(runtime)}", $"--Tandem:Classic:Applications:{runtime}:AllowAnonymous=true",
        $"--Tandem:Classic:Applications:{runtime}-raw:Path={RawPath(runtime)}", $"--Tandem:Classic:Applications:{runtime}-raw:AllowAnonymous=true",
        $"--Tandem:Classic:Applications:{runtime}-raw:Application={runtime}", $"--Tandem:Classic:Applications:{runtime}-raw:PersistentConnection=true",
    ];

    private async Task StartAsync()
    {
        await _gateway.StartAsync([.. Application(ClassicRuns.Mono), .. Application(ClassicRuns.Net)]);
        _apps.Add(new LegacyAppProcess(ClassicRuns.Mono, onMono: true, _gateway.ConnectionString));
        _apps.Add(new LegacyAppProcess(ClassicRuns.Net, onMono: false, _gateway.ConnectionString));
        await Task.WhenAll(_apps.Select(app => app.StartAsync()));
    }
}
