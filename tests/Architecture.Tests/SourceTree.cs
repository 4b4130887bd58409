using System.Xml.Linq;

namespace Tandem.Architecture.Tests;

/// <summary>The repository as it lies on disk, without what builds and package managers put into it.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = [".git", "bin", "obj", "artifacts", "node_modules", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files() => FilesUnder(Root).Select(Relative);

    public static IEnumerable<string> Folders(string parent) =>
        Directory.GetDirectories(Path.Combine(Root, parent)).Where(HasFiles).Select(folder => Path.GetFileName(folder));

    public static IEnumerable<Project> Projects() => Files()
        .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(file => new Project(file, XDocument.Load(Path.Combine(Root, file))));

    public static TheoryData<string> SourceProjects() =>
        [.. Projects().Where(project => project.IsSource).Select(project => project.Name).Order(StringComparer.Ordinal)];

    public static Project SourceProject(string name) => Projects().Single(project => project.IsSource && project.Name == name);

    private static bool HasFiles(string folder) => !Generated.Contains(Path.GetFileName(folder)) && FilesUnder(folder).Any();

    // In a linked work tree .git is a file.
    private static IEnumerable<string> FilesUnder(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .Where(entry => !Generated.Contains(Path.GetFileName(entry)))
        .SelectMany(entry => Directory.Exists(entry) ? FilesUnder(entry) : [entry]);

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

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
