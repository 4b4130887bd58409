namespace Tandem.Architecture.Tests;

public sealed class ProjectArrowsTests
{
    /// <summary>The whole map: which project of src may reference which others, directly.</summary>
    private static readonly Dictionary<string, string[]> AllowedArrows = new()
    {
        ["Protocols.Service"] = [],
        ["Routing"] = ["Protocols.Service"],
        ["Transports"] = ["Routing"],
        ["Protocols.AspNet"] = ["Transports"],
        ["Protocols.AspNetCore"] = ["Transports"],
        ["Cluster.Nats"] = ["Routing"],
        ["Gateway"] = ["Protocols.Service", "Routing", "Transports", "Protocols.AspNet", "Protocols.AspNetCore", "Cluster.Nats"],
        ["Sdk.Connections"] = ["Protocols.Service"],
        ["Sdk.Core"] = ["Sdk.Connections", "Protocols.Service"],
        // The last is compiled against and never shipped: the one interface that OWIN applications bring along.
        ["Sdk.Owin"] = ["Sdk.Connections", "Protocols.Service", "OwinContract"],
    };

    public static TheoryData<string> SourceProjects => SourceTree.SourceProjects();

    [Fact]
    public void The_scan_finds_projects() => Assert.Contains("Protocols.Service", SourceTree.Projects().Select(project => project.Name));

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_source_project_references_only_what_the_map_allows(string name)
    {
        Assert.True(AllowedArrows.TryGetValue(name, out var allowed), $"{name} is not on the map.");
        Assert.Empty(SourceTree.SourceProject(name).ProjectReferences.Except(allowed));
    }

    [Fact]
    public void The_map_itself_keeps_the_rules()
    {
        Assert.DoesNotContain("Protocols.AspNetCore", AllowedArrows["Protocols.AspNet"]);
        Assert.DoesNotContain("Protocols.AspNet", AllowedArrows["Protocols.AspNetCore"]);
        Assert.DoesNotContain("Gateway", AllowedArrows.Values.SelectMany(references => references));
        Assert.All(AllowedArrows.Where(arrow => arrow.Key.StartsWith("Sdk.", StringComparison.Ordinal)), arrow =>
            Assert.Empty(arrow.Value.Except(["Sdk.Connections", "Protocols.Service", "OwinContract"])));
    }

    [Theory]
    [InlineData("Routing")]
    [InlineData("Protocols.Service")]
    public void A_project_without_http_knows_nothing_of_AspNetCore(string name)
    {
        var project = SourceTree.SourceProject(name);

        Assert.False(project.UsesWebSdk);
        Assert.Empty(project.FrameworkReferences);
        Assert.DoesNotContain(project.PackageReferences, package => package.StartsWith("Microsoft.AspNet", StringComparison.Ordinal));
    }
}
