namespace Tandem.Compat.Processes;

/// <summary><c>compat-tests/clients/js/driver.mjs</c>: clients of JavaScript libraries in Node or in a browser.</summary>
internal static class JavaScriptClients
{
    /// <summary>Starts a driver.</summary>
    /// <param name="name">Of its log.</param>
    /// <param name="runtime"><c>node</c>, <c>chromium</c> or <c>firefox</c>; a variable of the environment in capitals says where a browser is.</param>
    /// <param name="take">Is asked for each line it prints; those that it takes are not kept.</param>
    /// <exception cref="DirectoryNotFoundException">The libraries are not installed.</exception>
    public static ChildProcess Start(string name, string runtime, Predicate<string> take)
    {
        var folder = Path.Combine(Repository.Root, "compat-tests", "clients", "js");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new DirectoryNotFoundException("The client libraries are missing: run 'npm ci' in compat-tests/clients/js first (./test.sh does it).");
        }

        string[] browser = Environment.GetEnvironmentVariable(runtime.ToUpperInvariant()) is { Length: > 0 } path ? ["--browser", path] : [];
        return ChildProcess.Start(name, "node", [Path.Combine(folder, "driver.mjs"), "--runtime", runtime, .. browser], take: take);
    }
}
