using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Tandem.Load.Peers;

/// <summary>One of the things that are compared: its server processes and the hub that clients negotiate with.</summary>
internal sealed partial class Peer : IAsyncDisposable
{
    private readonly ServerProcess[] _servers;

    private Peer(Uri hub, params ServerProcess[] servers)
    {
        Hub = hub;
        _servers = servers;
    }

    public Uri Hub { get; }

    public IReadOnlyList<ServerProcess> Servers => _servers;

    public static Task<Peer> StartAsync(PeerKind kind, CancellationToken cancellationToken) => kind switch
    {
        PeerKind.SelfHost => StartSelfHostAsync(cancellationToken),
        PeerKind.Gateway => StartGatewayAsync(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<Peer> StartSelfHostAsync(CancellationToken cancellationToken)
    {
        var appServer = StartAppServer(new Dictionary<string, string>());
        try
        {
            return new Peer(await HubOfAsync(appServer, cancellationToken), appServer);
        }
        catch
        {
            await appServer.DisposeAsync();
            throw;
        }
    }

    private static async Task<Peer> StartGatewayAsync(CancellationToken cancellationToken)
    {
        var gateway = ServerProcess.Start(
            ServerRole.Gateway, BuildOutput.Gateway, ["dev", "--urls", $"http://127.0.0.1:{FreePort()}"], new Dictionary<string, string>());
        ServerProcess? appServer = null;
        try
        {
            var connectionString = (await gateway.WaitForLineAsync(ConnectionString, cancellationToken)).Value;
            appServer = StartAppServer(new Dictionary<string, string> { ["Tandem__ConnectionString"] = connectionString });
            return new Peer(await HubOfAsync(appServer, cancellationToken), gateway, appServer);
        }
        catch
        {
            await gateway.DisposeAsync();
            await (appServer?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    private static ServerProcess StartAppServer(IReadOnlyDictionary<string, string> environment) =>
        ServerProcess.Start(ServerRole.AppServer, BuildOutput.AppServer, ["--urls", "http://127.0.0.1:0"], environment);

    private static async Task<Uri> HubOfAsync(ServerProcess appServer, CancellationToken cancellationToken)
    {
        var address = await appServer.WaitForLineAsync(ListeningLine, cancellationToken);
        return new Uri(new Uri(address.Groups[1].Value), "/bench");
    }

    // The gateway's own address is part of the connection string it prints, so it cannot choose its port.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^Listening on (\S+)$")]
    private static partial Regex ListeningLine { get; }

    [GeneratedRegex(@"Endpoint=[^;\s]+;AccessKey=[^;\s]+;Version=1\.0;")]
    private static partial Regex ConnectionString { get; }
}
