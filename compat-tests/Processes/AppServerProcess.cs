namespace Tandem.Compat.Processes;

/// <summary>An application that listens on a port of its own and can be restarted there.</summary>
/// <param name="name">Of its log.</param>
/// <param name="assembly">What to run.</param>
/// <param name="arguments">Beside its address.</param>
internal sealed class AppServerProcess(string name, string assembly, params string[] arguments) : IAsyncDisposable
{
    private ChildProcess? _process;

    public string Url { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    public int ProcessId => _process!.Id;

    /// <summary>The application of the scenarios, behind the gateway or, if that is null, on its own.</summary>
    public static AppServerProcess OfScenarios(GatewayProcess? gateway, params string[] settings) => OfScenarios(gateway?.ConnectionString, settings);

    /// <summary>The same behind the gateway of a connection string, or, if that is null, on its own.</summary>
    public static AppServerProcess OfScenarios(string? connectionString, params string[] settings) => new(
        "app-server", Repository.AssemblyOf("compat-tests/AppServer", "Tandem.AppServer"),
        ["--pages", Repository.JavaScript, .. connectionString is null ? Array.Empty<string>() : ["--gateway", connectionString], .. settings]);

    /// <summary>Completes when it serves: when it is also connected to the gateway, that is.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(name, "dotnet", [assembly, "--urls", Url, .. arguments]);
        await WaitUntilReadyAsync();
    }

    public Task WaitUntilReadyAsync() => HttpProbe.UntilOkAsync(_process!, $"{Url}/health");

    /// <summary>Waits until it has all the server connections it wants to have, at every gateway.</summary>
    public Task UntilHealthyAsync() => HttpProbe.UntilAsync(_process!, $"{Url}/health", health => health == "Healthy");

    /// <summary>Waits for a line of its log.</summary>
    public Task UntilLoggedAsync(string text) =>
        _process!.Log.WaitForAsync(line => line.Contains(text, StringComparison.Ordinal)).Within(text, Deadlines.Process);

    /// <summary>All that it has printed about a connection since it was started.</summary>
    public string[] Printed(string connectionId) =>
        [.. _process!.Log.Lines().Where(line => line.Contains($"connected {connectionId}", StringComparison.Ordinal))];

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Begins an orderly shutdown; completes when the application says that it has begun.</summary>
    public async Task BeginShutdownAsync()
    {
        _process!.Terminate();
        await _process.Log.WaitForAsync(line => line.Contains("Application is shutting down", StringComparison.Ordinal))
            .Within("the beginning of the shutdown", Deadlines.Process);
    }

    public Task<int> WaitForExitAsync() => _process!.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
