using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

public sealed class RunPlanTests
{
    private static readonly Scenario[] Scenarios =
    [
        new(Scenario.Connect, ""), new("invoke", ""), new("stream", "", Clients: Generation.Core), new("state", "", Variants: [new([], Servers: Generation.Core, Limit: "cannot be")]),
        new("token-expired", "", Real: false),
    ];

    [Fact]
    public void Of_Has_what_is_for_the_client_and_the_server()
    {
        var plan = RunPlan.Of(Example.Run with { Server = Server.Core }, Scenarios);

        Assert.Equal([Scenario.Connect, "invoke", "state", "token-expired"], plan.Scenarios.Select(scenario => scenario.Name));
        Assert.Equal("cannot be", plan.Scenarios[2].Limit);
    }

    [Fact]
    public void Of_The_server_itself_Has_what_makes_sense_there() =>
        Assert.Equal([Scenario.Connect, "invoke"], RunPlan.Of(Example.Run with { Server = Server.RealClassic }, Scenarios).Scenarios.Select(scenario => scenario.Name));

    [Fact]
    public void Only_Keeps_these_and_connecting() => Assert.Equal(
        [Scenario.Connect, "token-expired"],
        RunPlan.Of(Example.Run, Scenarios).Only(new HashSet<string> { "token-expired", "stream" }).Scenarios.Select(scenario => scenario.Name));
}
