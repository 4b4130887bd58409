using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Tandem.Load.Peers;

/// <summary>One of the things that are compared: its server processes and the hub that clients negotiate with.</summary>
internal sealed partial class Peer : IAsyncDisposable
{
    private const int AccessKeyLength = 64;
    private static readonly string[] AnyPort = ["--urls", "http://127.0.0.1:0"];

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
        var accessKey = RandomNumberGenerator.GetHexString(AccessKeyLength);
        var gateway = ServerProcess.Start(
            ServerRole.Gateway, BuildOutput.Gateway, ["run", .. AnyPort], new Dictionary<string, string> { ["Tandem__AccessKeys__0"] = accessKey });
        ServerProcess? appServer = null;
        try
        {
            var connectionString = $"Endpoint={await AddressOfAsync(gateway, cancellationToken)};AccessKey={accessKey};Version=1.0;";
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
        ServerProcess.Start(ServerRole.AppServer, BuildOutput.AppServer, AnyPort, environment);

    private static async Task<Uri> HubOfAsync(ServerProcess appServer, CancellationToken cancellationToken) =>
        new(new Uri(await AddressOfAsync(appServer, cancellationToken)), "/bench");

    private static async Task<string> AddressOfAsync(ServerProcess server, CancellationToken cancellationToken) =>
        (await server.WaitForLineAsync(ListeningLine, cancellationToken)).Groups[1].Value;

    [GeneratedRegex(@"Now listening on: (\S+)$")]
    private static partial Regex ListeningLine { get; }
}
