namespace Tandem.Compat.Tests.Negotiation;

/// <summary>A gateway and an application whose clients may say what their access tokens are to say.</summary>
public sealed class NegotiationStage : IAsyncLifetime
{
    internal GatewayProcess Gateway { get; } = new();

    internal AppServerProcess AppServer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!CompatStage.ThroughGateway)
        {
            return;
        }

        await Gateway.StartAsync("--Tandem:Limits:WaitForServer=00:00:01");
        AppServer = AppServerProcess.OfScenarios(Gateway, "--wishes=true", "--Tandem:MaxPollIntervalInSeconds=1");
        await AppServer.StartAsync();
        await AppServer.UntilHealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (AppServer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Gateway.DisposeAsync();
    }
}
