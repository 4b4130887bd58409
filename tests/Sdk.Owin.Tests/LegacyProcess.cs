using System.Diagnostics;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>The legacy app server as a process: on .NET, or its build for .NET Framework on Mono.</summary>
internal sealed class LegacyProcess : IDisposable
{
    private const string Mono = "/usr/bin/mono";

    // Tests run in their own executable or in that of the SDK, so the process itself does not say where it is.
    private static readonly string DotNet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly Process _process;
    private readonly MessageLog<string> _output = new();

    private LegacyProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? Missing(string framework) => framework == "net472" && !File.Exists(Mono) ? "mono is not installed"
        : File.Exists(Find(framework)) ? null : "LegacyAppServer is not built for " + framework;

    public static async Task<LegacyProcess> StartAsync(string framework, string connectionString)
    {
        var url = $"http://127.0.0.1:{AppBuilderTests.FreePort()}";
        var start = new ProcessStartInfo(framework == "net472" ? Mono : DotNet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (framework != "net472")
        {
            start.ArgumentList.Add("exec");
        }

        start.ArgumentList.Add(Find(framework));
        start.ArgumentList.Add(url);
        start.Environment["TANDEM_CONNECTION_STRING"] = connectionString;
        var legacy = new LegacyProcess(Process.Start(start)!, url);
        _ = Task.Run(legacy.ReadAsync);
        await legacy.OutputAsync("ready " + url);
        return legacy;
    }

    /// <summary>Waits for a line of its output.</summary>
    public Task OutputAsync(string line) => _output.TakeAsync(item => item == line, line);

    /// <summary>Lets it stop in its own way, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().Within();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Find(string framework)
    {
        // …/tests/Sdk.Owin.Tests/bin/CONFIGURATION/net10.0/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(
            root.FullName, "compat-tests", "LegacyAppServer", "bin", output.Parent.Name, framework,
            "Tandem.LegacyAppServer" + (framework == "net472" ? ".exe" : ".dll"));
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
        }
    }
}
