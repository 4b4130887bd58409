namespace Tandem.Compat.Tests.JavaScript;

/// <summary>Every scenario over every transport with every hub protocol.</summary>
public sealed class ScenarioRows : TheoryData<string, string, string>
{
    public ScenarioRows()
    {
        foreach (var (transport, protocol) in Combinations.All)
        {
            foreach (var scenario in ScenarioNames.All)
            {
                Add(transport, protocol, scenario);
            }
        }
    }
}
