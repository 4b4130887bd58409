using Tandem.Compat.Tests.JavaScript;
using Tandem.Compat.Tests.Processes;

namespace Tandem.Compat.Tests.Blazor;

/// <summary>The Blazor Server sample, a gateway of its own, and one visit of two browser tabs.</summary>
public sealed class BlazorRun : IAsyncLifetime
{
    private GatewayProcess? _gateway;
    private AppServerProcess? _sample;
    private string? _crash;

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
            await Task.WhenAny(FollowAsync(driver), driver.WaitForExitAsync());
            await driver.WaitForExitAsync();
            Visit = JavaScriptDriver.Read(driver, _crash);
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
}
