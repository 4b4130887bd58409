using System.Globalization;
using Tandem.Load.Peers;

namespace Tandem.Load.Measuring;

/// <summary>
/// The CPU time of one server process from one moment on, without what the just-in-time compiler's background thread
/// takes: a short run compiles as much as a long one, and no message is the cause.
/// </summary>
internal sealed class CpuClock
{
    // As the runtime names its thread; Linux cuts names at 15 characters.
    private const string CompilerThread = ".NET Tiered Com";

    private readonly ServerProcess _server;
    private readonly TimeSpan _total;
    private readonly Dictionary<string, TimeSpan> _compiler;

    public CpuClock(ServerProcess server)
    {
        _server = server;
        _compiler = CompilerThreads();
        _total = server.CpuTime;
    }

    public ServerRole Role => _server.Role;

    public TimeSpan Elapsed()
    {
        var compiled = CompilerThreads().Sum(thread => (thread.Value - _compiler.GetValueOrDefault(thread.Key)).TotalSeconds);
        return _server.CpuTime - _total - TimeSpan.FromSeconds(compiled);
    }

    private Dictionary<string, TimeSpan> CompilerThreads()
    {
        var tasks = $"/proc/{_server.Id}/task";
        return Directory.Exists(tasks)
            ? Directory.EnumerateDirectories(tasks).Where(IsCompiler).ToDictionary(task => task, CpuTime)
            : [];
    }

    private static bool IsCompiler(string task) => Read(task, "comm").StartsWith(CompilerThread, StringComparison.Ordinal);

    private static TimeSpan CpuTime(string task) =>
        TimeSpan.FromMicroseconds(long.TryParse(Read(task, "schedstat").Split(' ')[0], CultureInfo.InvariantCulture, out var nanoseconds) ? nanoseconds / 1000 : 0);

    // A thread may end between being listed and being read.
    private static string Read(string task, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, file));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
