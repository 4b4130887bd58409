using System.Diagnostics;

namespace Tandem.Compat.Processes;

/// <summary>A program that runs beside the tests. Its output is in <c>artifacts/compat</c>.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static int Started;

    private readonly string _name;
    private readonly Process _process;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Predicate<string>? _take;

    private ChildProcess(string name, Process process, Predicate<string>? take)
    {
        _name = name;
        _process = process;
        _take = take;
        Log = new ProcessLog(Path.Combine(Repository.Artifacts, $"{Interlocked.Increment(ref Started):000}-{name}.log"));
    }

    public ProcessLog Log { get; }

    public int Id { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <param name="name">Of its log.</param>
    /// <param name="program">What to run.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables it gets beside those of the tests.</param>
    /// <param name="take">Is asked for each line; those that it takes are not kept.</param>
    public static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        Predicate<string>? take = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A test run may be configured through the same variables as the servers it starts.
        foreach (var variable in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var child = new ChildProcess(name, new Process { StartInfo = start, EnableRaisingEvents = true }, take);
        child.Run();
        return child;
    }

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line).ContinueWith(
        _ => _process.StandardInput.FlushAsync(), TaskScheduler.Default).Unwrap();

    /// <summary>Ends its standard input, which tells programs that read it to leave.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Asks it to end, as a shutdown of the machine or of a container does.</summary>
    public void Terminate()
    {
        // The shell's own kill: the program of that name is not on every machine.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync()
    {
        await _ended.Task.Within($"the end of {_name}", Deadlines.Process);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once, as a crash does, with all it has started.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Log.Dispose();
        _process.Dispose();
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("Tandem", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    private void Run()
    {
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        _process.Start();
        Id = _process.Id;
        _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        Log.End($"{_name} ended with exit code {_process.ExitCode}. The end of its output:");
        _ended.TrySetResult();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (_take?.Invoke(line) is not true)
            {
                Log.Add(line);
            }
        }
    }

    // A test run that is cut short leaves nothing behind.
    private void KillAtExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}
