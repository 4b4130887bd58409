using Tandem.Compat.Matrix.Scenarios;

namespace Tandem.Compat.Matrix.Running;

/// <summary>What of a run is to be played.</summary>
/// <param name="Run">Which.</param>
/// <param name="Scenarios">Those that are for its client and its server, as they are for them.</param>
internal sealed record RunPlan(Run Run, IReadOnlyList<Scenario> Scenarios)
{
    /// <summary>All that is for it.</summary>
    public static RunPlan Of(Run run, IEnumerable<Scenario> scenarios) => new(
        run,
        [.. scenarios.Select(scenario => scenario.For(run.Client.Family.Generation, run.Server.Generation, run.Way, run.Server.IsReal)).OfType<Scenario>()]);

    /// <summary>Only these, and the one without which there are no others.</summary>
    public RunPlan Only(IReadOnlySet<string> names) => this with { Scenarios = [.. Scenarios.Where(scenario => scenario.Name == Scenario.Connect || names.Contains(scenario.Name))] };
}
