namespace Tandem.Compat.Tests.SeveralGateways;

/// <summary>An application with two gateways: clients go to the first, and to the second while the first is away.</summary>
public sealed class TwoGateways : IAsyncLifetime
{
    internal GatewayProcess Primary { get; } = new();

    internal GatewayProcess Secondary { get; } = new();

    internal AppServerProcess AppServer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!CompatStage.ThroughGateway)
        {
            return;
        }

        await Task.WhenAll(Primary.StartAsync(), Secondary.StartAsync());
        AppServer = AppServerProcess.OfScenarios(Primary, $"--Tandem:Endpoints:reserve:secondary={Secondary.ConnectionString}");
        await AppServer.StartAsync();
        await AppServer.UntilHealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (AppServer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Primary.DisposeAsync();
        await Secondary.DisposeAsync();
    }
}
