using System.Text.RegularExpressions;

namespace Tandem.Compat.Tests.JavaScript;

/// <summary>The scenarios, read from where they are written, so that each is a row of its own and none is forgotten.</summary>
internal static partial class ScenarioNames
{
    public static string[] All { get; } = In("scenarios");

    /// <summary>Those of a folder below <c>compat-tests/js</c>.</summary>
    public static string[] In(string folder) =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.JavaScript, folder), "*.mjs")
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Definition().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value),
    ];

    [GeneratedRegex(@"^  async (\w+)\(stage\) \{", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
