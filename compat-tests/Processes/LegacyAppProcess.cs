
namespace Tandem.Compat.Processes;

/// <summary>The classic application, on Mono or on .NET. It listens on a port of its own and can be restarted there.</summary>
/// <param name="application">Its name at the gateway.</param>
/// <param name="onMono">Whether it is the build for .NET Framework.</param>
/// <param name="connectionString">Of the gateway; if it is null there is none, and the real SignalR serves the hubs.</param>
/// <param name="isRoom">Whether it is there for its room alone: it starts faster.</param>
internal sealed class LegacyAppProcess(string application, bool onMono, string? connectionString, bool isRoom = false) : IAsyncDisposable
{
    private const string Folder = "compat-tests/LegacyAppServer";
    private const string Assembly = "Tandem.LegacyAppServer";

    private ChildProcess? _process;

    /// <summary>How long the access tokens are good that it gives to clients; an hour if it is null.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    public string Url { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    /// <summary>Completes when it serves.</summary>
    public async Task StartAsync()
    {
        var environment = new Dictionary<string, string>
        {
            ["TANDEM_CONNECTION_STRING"] = connectionString ?? "",
            ["LEGACY_REAL"] = connectionString is null ? "1" : "",
            ["LEGACY_APP_NAME"] = application,
            ["LEGACY_STATIC"] = Repository.JavaScript,
            ["LEGACY_ROOM"] = isRoom ? "1" : "",
            ["LEGACY_TOKEN_LIFETIME"] = TokenLifetime?.ToString("c") ?? "",
        };
        _process = onMono
            ? ChildProcess.Start("legacy-mono", "mono", [Repository.ProgramOf(Folder, Assembly), Url], environment)
            : ChildProcess.Start("legacy-net", "dotnet", [Repository.AssemblyOf(Folder, Assembly), Url], environment);
        await UntilPrintedAsync($"ready {Url}");
    }

    /// <summary>Waits for a line of its output: it prints what it hears of connections.</summary>
    public Task UntilPrintedAsync(string line) => _process!.Log.WaitForAsync(printed => printed == line).Within(line, Deadlines.Process);

    /// <summary>Waits until a new client can connect at the gateway and call a hub: the application has come back to it.</summary>
    public async Task UntilServedAsync()
    {
        // Negotiate answers again when the application has a server connection.
        await HttpProbe.UntilOkAsync(_process!, $"{Url}/signalr/negotiate?clientProtocol=2.1");
    }

    /// <summary>All that it has printed about a connection since it was started.</summary>
    public string[] Printed(string connectionId) =>
        [.. _process!.Log.Lines().Where(line => line.Contains($"connected {connectionId}", StringComparison.Ordinal))];

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Lets it stop in its own way.</summary>
    public async Task<int> StopAsync()
    {
        _process!.EndInput();
        return await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
