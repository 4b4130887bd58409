using System.Net;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>Servers come and go while clients are connected.</summary>
public sealed class LifeCycleTests(LifeCycleRun run) : IClassFixture<LifeCycleRun>
{
    [Theory, ClassData(typeof(LifeCycleRows))]
    public void Scenario(string client, string transport, string scenario)
    {
        Assert.SkipWhen(LifeCycleScenarios.NeedsGateway(scenario) && !CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");

        run.AssertHeld(client, transport, scenario);
    }

    [Fact]
    public void A_client_whose_app_server_is_gone_is_told_to_come_back()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");

        run.AssertReached(run.CloseAfterAppServerKilled);
        Assert.Contains("\"allowReconnect\":true", run.CloseAfterAppServerKilled, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_whose_gateway_shuts_down_is_told_to_come_back()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");

        run.AssertReached(run.CloseAfterGatewayShutdown);
        Assert.Contains("\"allowReconnect\":true", run.CloseAfterGatewayShutdown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_is_refused_is_told_when_to_come_back()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");

        run.AssertReached(run.Refusal);
        var (status, retryAfter, text) = run.Refusal!.Value;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True(retryAfter > TimeSpan.Zero, "Retry-After says when to come back.");
        Assert.NotEmpty(text);
    }

    [Fact]
    public void An_app_server_that_is_asked_to_end_does_so_in_good_order()
    {
        run.AssertReached(run.AppServerExitCode);
        Assert.Equal(0, run.AppServerExitCode);
    }

    [Fact]
    public void A_gateway_that_is_asked_to_end_does_so_in_good_order()
    {
        Assert.SkipUnless(CompatStage.ThroughGateway, CompatStage.SkipSelfHosted ?? "");

        run.AssertReached(run.GatewayExitCode);
        Assert.Equal(0, run.GatewayExitCode);
    }
}
