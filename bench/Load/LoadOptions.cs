using Tandem.Load.Scenarios;

namespace Tandem.Load;

/// <summary>What a run is asked to do.</summary>
/// <param name="Connections">Clients that are held at the same time.</param>
/// <param name="Rounds">How often each peer takes its turn.</param>
/// <param name="Scenarios">What is measured; empty is everything.</param>
/// <param name="PayloadBytes">Length of the string that messages carry.</param>
/// <param name="Protocol">Name of the hub protocol.</param>
/// <param name="JsonPath">Where every single figure is written to; null is nowhere.</param>
internal sealed record LoadOptions(
    int Connections, int Rounds, IReadOnlyCollection<ScenarioName> Scenarios, int PayloadBytes, string Protocol, string? JsonPath)
{
    public bool Runs(ScenarioName scenario) => Scenarios.Count == 0 || Scenarios.Contains(scenario);
}
