namespace Tandem.Compat.Tests.JavaScript;

/// <summary><c>@microsoft/signalr</c> in one runtime. The scenarios are in <c>compat-tests/js/scenarios</c>.</summary>
public abstract class JavaScriptTests(DriverRuns runs, string runtime) : IClassFixture<DriverRuns>
{
    [Theory, ClassData(typeof(ScenarioRows))]
    public async Task Scenario(string transport, string protocol, string scenario)
    {
        var run = await runs.GetAsync(runtime, transport, protocol);

        run.AssertHeld(scenario);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Every_scenario_that_ran_is_a_row(string transport, string protocol)
    {
        var run = await runs.GetAsync(runtime, transport, protocol);

        Assert.Equal(ScenarioNames.All.Order(StringComparer.Ordinal), run.Results.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Binary_messages_over_a_text_transport_are_refused()
    {
        var run = await runs.GetAsync(runtime, Combinations.ServerSentEvents, Combinations.MessagePack);

        run.AssertHeld("binary_messages_over_a_text_transport_are_refused");
    }
}
