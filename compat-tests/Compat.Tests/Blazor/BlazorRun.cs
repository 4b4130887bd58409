using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Blazor;

/// <summary>The Blazor Server sample, a gateway of its own, and one visit of two browser tabs.</summary>
public sealed class BlazorRun : IAsyncLifetime
{
    private GatewayProcess? _gateway;
    private AppServerProcess? _sample;

    internal DriverRun Visit { get; private set; } = new(new Dictionary<string, ScenarioResult>(), "it has not begun");

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartServersAsync();
            await using var driver = JavaScriptDriver.Start("blazor", "blazor.mjs",
            [
                "--app", _sample!.Url, "--connects-to", _gateway?.Url ?? _sample.Url, "--screenshots", Repository.Artifacts,
                .. _gateway is null ? Array.Empty<string>() : ["--gateway"],
            ]);
            var restart = _gateway is null ? Task.CompletedTask : RestartGatewayWhenAskedAsync(driver, _gateway);
            var crash = await JavaScriptDriver.WaitForEndAsync(driver);
            await restart;
            Visit = JavaScriptDriver.Read(driver, crash);
        }
        catch (Exception exception)
        {
            Visit = Visit with { Crash = exception.ToString() };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sample is not null)
        {
            await _sample.DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    private async Task StartServersAsync()
    {
        string[] configuration = ["--contentRoot", Path.Combine(Repository.Root, "samples", "Blazor")];
        if (CompatStage.ThroughGateway)
        {
            _gateway = new GatewayProcess();
            await _gateway.StartAsync();
            configuration = [.. configuration, $"--Tandem:ConnectionString={_gateway.ConnectionString}"];
        }

        _sample = new AppServerProcess("blazor-sample", Repository.AssemblyOf("samples/Blazor", "Tandem.Blazor"), configuration);
        await _sample.StartAsync();
    }

    private async Task RestartGatewayWhenAskedAsync(ChildProcess driver, GatewayProcess gateway)
    {
        await driver.Log.WaitForAsync(line => line == """{"need":"gateway restart"}""");
        await gateway.KillAsync();
        await gateway.StartAsync();
        await _sample!.WaitUntilReadyAsync();
        await driver.WriteLineAsync("done");
    }
}
