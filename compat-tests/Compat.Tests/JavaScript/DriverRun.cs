namespace Tandem.Compat.Tests.JavaScript;

/// <summary>What one driver has printed.</summary>
/// <param name="Results">By name of the scenario.</param>
/// <param name="Crash">Why it did not run to its end; null when it did.</param>
internal sealed record DriverRun(IReadOnlyDictionary<string, ScenarioResult> Results, string? Crash)
{
    public void AssertHeld(string scenario)
    {
        // Nothing that a broken run says counts.
        Assert.True(Crash is null, $"The driver did not run to its end: {Crash}");
        Assert.True(Results.TryGetValue(scenario, out var result), $"The driver has not run the scenario {scenario}.");
        Assert.True(result.Ok, result.Error);
    }
}
