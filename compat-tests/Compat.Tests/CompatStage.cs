using Tandem.Compat.Tests;

[assembly: AssemblyFixture(typeof(CompatStage))]

namespace Tandem.Compat.Tests;

/// <summary>
/// The servers that all scenarios share but those in which servers stop: a gateway and an application behind it. With
/// <c>COMPAT_SELF_HOSTED=1</c> in the environment the application keeps its clients itself, which shows what the very same
/// scenarios expect of ASP.NET Core's own server.
/// </summary>
public sealed class CompatStage : IAsyncLifetime
{
    private GatewayProcess? _gateway;
    private AppServerProcess? _appServer;

    public static bool ThroughGateway { get; } = Environment.GetEnvironmentVariable("COMPAT_SELF_HOSTED") is not "1";

    /// <summary>Reason to skip what only a gateway can do; null where there is one.</summary>
    public static string? SkipSelfHosted => ThroughGateway ? null : "There is no gateway in this run (COMPAT_SELF_HOSTED=1).";

    /// <summary>URL of the application.</summary>
    public string AppUrl => _appServer!.Url;

    /// <summary>Origin that every client must end up at.</summary>
    public string ConnectsTo => _gateway?.Url ?? AppUrl;

    public async ValueTask InitializeAsync()
    {
        if (ThroughGateway)
        {
            _gateway = new GatewayProcess();
            await _gateway.StartAsync();
        }

        _appServer = AppServerProcess.OfScenarios(_gateway);
        await _appServer.StartAsync();
    }

    /// <summary>Ends both in good order, and fails the run when the gateway has had anything to complain about.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_appServer is not null)
            {
                await _appServer.BeginShutdownAsync();
                Assert.Equal(0, await _appServer.WaitForExitAsync());
            }

            if (_gateway is not null)
            {
                _gateway.Terminate();
                Assert.Equal(0, await _gateway.WaitForExitAsync());
                Assert.Empty(_gateway.Complaints);
            }
        }
        finally
        {
            await (_appServer?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
