namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>The jQuery client in Chromium. The scenarios are in <c>compat-tests/js/classic/scenarios</c>.</summary>
public sealed class ClassicPageTests(ClassicDriverRuns runs) : IClassFixture<ClassicDriverRuns>
{
    [Theory, ClassData(typeof(ClassicPageRows))]
    public async Task Scenario(string runtime, string run, string scenario)
    {
        var results = await runs.GetAsync(runtime, run);

        Assert.True(results.TryGetValue(scenario, out var result), $"The driver has not run the scenario {scenario}.");
        Assert.True(result.Ok, result.Error);
    }

    [Theory, ClassData(typeof(ClassicPages))]
    public async Task Every_scenario_that_ran_is_a_row(string runtime, string run)
    {
        var results = await runs.GetAsync(runtime, run);

        Assert.Equal(ClassicPageRows.Scenarios.Order(StringComparer.Ordinal), results.Keys.Order(StringComparer.Ordinal));
    }
}
