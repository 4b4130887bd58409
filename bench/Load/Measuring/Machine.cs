using System.Globalization;
using System.Runtime.InteropServices;

namespace Tandem.Load.Measuring;

/// <summary>What a reader has to know about the machine to judge the figures.</summary>
internal sealed record Machine(int Cores, string Processor, string System, string Runtime, string LoadBefore)
{
    // Files that are open besides the connections: assemblies, listeners, negotiating connections.
    private const int OtherOpenFiles = 500;

    public static Machine Read() => new(
        Environment.ProcessorCount,
        FirstMatch("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown");

    /// <summary>Fails before anything is started when the connections would not fit into one process.</summary>
    public void RequireOpenFiles(int connections)
    {
        // The runtime raises the soft limit to the hard one by itself.
        var limit = FirstMatch("/proc/self/limits", "Max open files")?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        if (int.TryParse(limit, CultureInfo.InvariantCulture, out var files) && files < connections + OtherOpenFiles)
        {
            throw new InvalidOperationException($"A process may open {files} files here, too few for {connections} connections. Raise it with 'ulimit -n'.");
        }
    }

    private static string? FirstMatch(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim(' ', '\t', ':')
        : null;
}
