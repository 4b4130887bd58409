using Tandem.Compat.Tests.DotNet;
using Tandem.Compat.Tests.Processes;

namespace Tandem.Compat.Tests.SeveralAppServers;

/// <summary>A gateway with two processes of the same application behind it. Each client is served by the one it negotiated with.</summary>
internal sealed class TwoAppServers : IAsyncDisposable
{
    // Sticky, so that a test says which process serves a client; a process that shuts down hands its clients to the other.
    private static readonly string[] Settings = ["--Tandem:ServerStickyMode=Required", "--Tandem:GracefulShutdown:Mode=MigrateClients"];

    private readonly List<DotNetStage> _stages = [];

    private TwoAppServers(GatewayProcess gateway)
    {
        Gateway = gateway;
        First = AppServerProcess.OfScenarios(gateway, Settings);
        Second = AppServerProcess.OfScenarios(gateway, Settings);
    }

    public GatewayProcess Gateway { get; }

    public AppServerProcess First { get; }

    public AppServerProcess Second { get; }

    public static async Task<TwoAppServers> StartAsync()
    {
        var gateway = new GatewayProcess();
        await gateway.StartAsync();
        var servers = new TwoAppServers(gateway);
        await Task.WhenAll(servers.First.StartAsync(), servers.Second.StartAsync());
        return servers;
    }

    /// <summary>A connected client that the given process serves.</summary>
    public Task<DotNetClient> ConnectAsync(AppServerProcess server, string transport, string protocol)
    {
        var stage = new DotNetStage(server.Url, transport, protocol);
        _stages.Add(stage);
        return stage.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in _stages)
        {
            await stage.DisposeAsync();
        }

        await First.DisposeAsync();
        await Second.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
