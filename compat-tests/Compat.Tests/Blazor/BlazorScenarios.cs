using System.Text.RegularExpressions;

namespace Tandem.Compat.Tests.Blazor;

/// <summary>The scenarios of <c>compat-tests/js/blazor.mjs</c>, in their order.</summary>
public sealed partial class BlazorScenarios : TheoryData<string>
{
    public BlazorScenarios()
    {
        foreach (Match match in Definition().Matches(File.ReadAllText(Path.Combine(Repository.JavaScript, "blazor.mjs"))))
        {
            Add(match.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"^  async (\w+)\(\) \{", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
