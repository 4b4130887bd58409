namespace Tandem.Compat.Processes;

/// <summary>Where things are in the source tree, and in the configuration (Debug, Release) that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string JavaScript { get; } = Path.Combine(Root, "compat-tests", "js");

    /// <summary>Where logs and screenshots of this run go; those of an earlier one are gone.</summary>
    public static string Artifacts { get; } = EmptyFolder("artifacts", NameOfProject());

    /// <summary>The built assembly of a project of the solution.</summary>
    public static string AssemblyOf(string projectFolder, string assemblyName) => Built(projectFolder, null, assemblyName + ".dll");

    /// <summary>The built program of a project that is for .NET Framework as well.</summary>
    public static string ProgramOf(string projectFolder, string programName) => Built(projectFolder, "net472", programName + ".exe");

    /// <summary>The only program a project has built that matches the pattern and has the project's name at its end.</summary>
    public static string ProgramIn(string projectFolder, string framework, string pattern)
    {
        var folder = Path.Combine(Root, projectFolder, "bin", Configuration(), framework);
        var project = Path.GetFileName(projectFolder);
        return Directory.Exists(folder) && Directory.GetFiles(folder, pattern).FirstOrDefault(file => Path.GetFileNameWithoutExtension(file).EndsWith(project, StringComparison.Ordinal)) is { } path
            ? path
            : throw new FileNotFoundException($"There is no program in {folder}: build Gateway.sln first.");
    }

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    private static string Built(string projectFolder, string? framework, string file)
    {
        // …/bin/<configuration>/<framework>/ is where these tests are, too.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(Root, projectFolder, "bin", output.Parent!.Name, framework ?? output.Name, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build Gateway.sln first.");
    }

    // …/<project>/bin/<configuration>/<framework>/ is where these assemblies are.
    private static string NameOfProject() => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Parent!.Parent!.Name;

    private static string EmptyFolder(params ReadOnlySpan<string> path)
    {
        var folder = Path.Combine([Root, .. path]);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gateway.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Gateway.sln.");
    }
}
