using System.Xml.Linq;

namespace Tandem.Architecture.Tests;

/// <summary>What one project file says about itself.</summary>
internal sealed record Project(string File, XDocument Xml)
{
    public string Name => Path.GetFileNameWithoutExtension(File);

    public string Folder => Path.GetDirectoryName(File)!;

    public bool IsSource => File.StartsWith("src/", StringComparison.Ordinal);

    public bool IsPackable => Xml.Descendants("IsPackable").Any(element => element.Value.Trim() == "true");

    public IReadOnlyList<string> ProjectReferences =>
        [.. Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    public IReadOnlyList<string> PackageReferences => [.. Included("PackageReference")];

    public IReadOnlyList<string> FrameworkReferences => [.. Included("FrameworkReference")];

    public bool UsesWebSdk => (string?)Xml.Root!.Attribute("Sdk") == "Microsoft.NET.Sdk.Web";

    private IEnumerable<string> Included(string item) =>
        Xml.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
