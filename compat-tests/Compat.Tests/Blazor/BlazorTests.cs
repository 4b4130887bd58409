namespace Tandem.Compat.Tests.Blazor;

/// <summary>A Blazor Server application behind the gateway, clicked through in a browser.</summary>
public sealed class BlazorTests(BlazorRun run) : IClassFixture<BlazorRun>
{
    [Theory, ClassData(typeof(BlazorScenarios))]
    public void Scenario(string scenario) => run.Visit.AssertHeld(scenario);
}
