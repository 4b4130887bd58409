using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>Every scenario of every page.</summary>
public sealed class ClassicPageRows : TheoryData<string, string, string>
{
    public ClassicPageRows()
    {
        foreach (var (runtime, run) in ClassicPages.All)
        {
            foreach (var scenario in Scenarios)
            {
                Add(runtime, run, scenario);
            }
        }
    }

    public static string[] Scenarios { get; } = ScenarioNames.In("classic/scenarios");
}
