namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>One application in two processes, A and B, behind one gateway. Each client is served by the process it negotiated with.</summary>
public sealed class TwoAppServers : IAsyncLifetime
{
    // Sticky, so that a test says which process serves a client; a process that shuts down hands its clients to the other.
    private static readonly string[] Settings = ["--Tandem:ServerStickyMode=Required", "--Tandem:GracefulShutdown:Mode=MigrateClients"];

    private readonly GatewayProcess _gateway = new();

    internal AppServerProcess A { get; private set; } = null!;

    internal AppServerProcess B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!CompatStage.ThroughGateway)
        {
            return;
        }

        await _gateway.StartAsync();
        A = AppServerProcess.OfScenarios(_gateway, Settings);
        B = AppServerProcess.OfScenarios(_gateway, Settings);
        await Task.WhenAll(A.StartAsync(), B.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await (A?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (B?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }
}
