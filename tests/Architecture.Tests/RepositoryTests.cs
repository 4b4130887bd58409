using System.Text.RegularExpressions;

namespace Tandem.Architecture.Tests;

public sealed partial class RepositoryTests
{
    private static readonly string[] TopFolders = ["src", "tests", "compat-tests", "bench", "samples", "docs", "eng", ".ci"];

    private static readonly string[] SourceFolders =
    [
        "Gateway", "Protocols.AspNet", "Protocols.AspNetCore", "Sdk.Owin", "Sdk.Core",
        "Routing", "Transports", "Protocols.Service", "Sdk.Connections",
    ];

    public static TheoryData<string> SourceProjects => SourceTree.SourceProjects();

    [Fact]
    public void Top_level_folders_are_the_agreed_ones() => Assert.Empty(SourceTree.Folders(".").Except(TopFolders));

    [Fact]
    public void Source_folders_are_the_agreed_ones_and_hold_a_project_each()
    {
        var folders = SourceTree.Folders("src").ToArray();

        Assert.Empty(folders.Except(SourceFolders));
        Assert.All(folders, folder => Assert.True(File.Exists(Path.Combine(SourceTree.Root, "src", folder, $"{folder}.csproj"))));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Gateway.sln"));

        Assert.All(SourceTree.Projects(), project => Assert.Contains(project.File.Replace('/', '\\'), solution, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void What_is_shipped_as_a_package_tracks_its_public_surface(string name)
    {
        var project = SourceTree.SourceProject(name);
        bool Has(string file) => File.Exists(Path.Combine(SourceTree.Root, project.Folder, file));

        Assert.Equal(Has("PublicAPI.Shipped.txt"), Has("PublicAPI.Unshipped.txt"));
        Assert.True(!project.IsPackable || Has("PublicAPI.Shipped.txt"), $"{name} is packable and keeps no PublicAPI.Shipped.txt.");
    }

    [Fact]
    public void No_file_names_a_place_of_one_machine()
    {
        // Put together here, or this file would be the first to offend.
        string[] places = ["/" + "work/", "/" + "root/"];

        var offenders = SourceTree.Files().Where(file =>
        {
            var text = File.ReadAllText(Path.Combine(SourceTree.Root, file));
            return places.Any(place => text.Contains(place, StringComparison.Ordinal));
        });

        Assert.Empty(offenders);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead =
            from file in SourceTree.Files()
            where file.EndsWith(".md", StringComparison.Ordinal)
            let folder = Path.Combine(SourceTree.Root, Path.GetDirectoryName(file)!)
            from Match link in RelativeLink().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, file)))
            where !Path.Exists(Path.Combine(folder, link.Groups["path"].Value))
            select $"{file}: {link.Groups["path"].Value}";

        Assert.Empty(dead);
    }

    [GeneratedRegex(@"\]\((?!\w+:)(?<path>[^)#\s]+)[^)]*\)")]
    private static partial Regex RelativeLink();
}
