namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>What becomes of classic clients when connections, tokens and servers end.</summary>
public sealed class ClassicLifeCycleTests(ClassicLifeCycleRun run) : IClassFixture<ClassicLifeCycleRun>
{
    [Theory, ClassData(typeof(ClassicLifeCycleRows))]
    public void Clients_come_back(string client, string runtime, string route, string transport, string scenario) =>
        run.AssertHeld(client, runtime, route, transport, scenario);

    [Theory, InlineData(ClassicRuns.Mono), InlineData(ClassicRuns.Net)]
    public void A_client_that_was_lost_has_left_once(string runtime) => run.AssertLostClientLeft(runtime);
}
