using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

public sealed class ScenarioTests
{
    private static readonly Step[] Steps = [new("start")];
    private static readonly Step[] Others = [new("stop")];

    [Fact]
    public void For_Without_conditions_Is_for_everybody() =>
        Assert.Same(Steps, new Scenario("s", "", Steps).For(Generation.Core, Generation.Classic, Ways.Direct, isReal: true)?.Steps);

    [Fact]
    public void For_Another_generation_of_clients_Is_nothing() =>
        Assert.Null(new Scenario("s", "", Steps, Clients: Generation.Classic).For(Generation.Core, Generation.Core, Ways.Direct, isReal: false));

    [Fact]
    public void For_Another_generation_of_servers_Is_nothing() =>
        Assert.Null(new Scenario("s", "", Steps, Servers: Generation.Core).For(Generation.Core, Generation.Classic, Ways.Direct, isReal: false));

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void For_The_server_itself_Is_only_what_makes_sense_there(bool isReal, bool isPlayed) =>
        Assert.Equal(isPlayed, new Scenario("s", "", Steps, Real: false).For(Generation.Core, Generation.Core, Ways.Direct, isReal) is not null);

    [Fact]
    public void For_A_variant_Takes_its_steps_and_its_limit()
    {
        var scenario = new Scenario("s", "", Steps, Before: Steps, Variants: [new(Others, Servers: Generation.Core, Limit: "cannot be"), new(Steps, Ways: Ways.Direct)]);

        Assert.Equivalent(new { Steps = Others, Before = Steps, Limit = "cannot be" }, scenario.For(Generation.Classic, Generation.Core, Ways.Redirect, isReal: false));
        Assert.Equivalent(new { Steps, Limit = (string?)null }, scenario.For(Generation.Classic, Generation.Classic, Ways.Direct, isReal: false));
        Assert.Null(scenario.For(Generation.Classic, Generation.Classic, Ways.Redirect, isReal: false));
    }
}
