using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tandem.Load.Peers;

/// <summary>A server started as a process of its own, so that the operating system counts its CPU time and its memory alone.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly SemaphoreSlim _lines = new(0);

    private ServerProcess(ServerRole role, Process process)
    {
        Role = role;
        _process = process;
    }

    public ServerRole Role { get; }

    public int Id => _process.Id;

    /// <summary>User and system time of all threads since the start.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ServerProcess Start(ServerRole role, string assembly, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var server = new ServerProcess(role, process);
        process.OutputDataReceived += server.OnLine;
        process.ErrorDataReceived += server.OnLine;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits for a line that matches and returns the match; every line is looked at once.</summary>
    public async Task<Match> WaitForLineAsync(Regex pattern, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            while (true)
            {
                await _lines.WaitAsync(timeout.Token);
                if (!_output.TryDequeue(out var line))
                {
                    await _process.WaitForExitAsync(timeout.Token);
                    throw new InvalidOperationException($"{Role} ended with exit code {_process.ExitCode}:\n{string.Join('\n', seen)}");
                }

                seen.Add(line);
                if (pattern.Match(line) is { Success: true } match)
                {
                    return match;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Role} printed nothing like '{pattern}' within {StartTimeout.TotalSeconds} s:\n{string.Join('\n', seen)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Nobody's data is in it, and an orderly end would take as long as closing all connections.
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(StopTimeout);
        }

        _process.Dispose();
        _lines.Dispose();
    }

    // A null line is the end of a stream: whoever waits then finds no line.
    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _output.Enqueue(text);
        }

        _lines.Release();
    }
}
