using System.Net;
using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Stages;

/// <summary>A gateway with an app server of each kind, each with its hub for itself; clients and app servers come to it through proxies.</summary>
internal sealed class GatewayStage : Stage
{
    private const string LargestMessage = "2097152";

    private readonly GatewayProcess _gateway = new();
    private readonly Dictionary<Server, LegacyAppProcess> _owin = [];
    private AppServerProcess? _core;
    private CuttableProxy? _clients;
    private CuttableProxy? _servers;

    public override async Task StartAsync()
    {
        // Polls end soon, so that a silent one is noticed soon; tokens mean what they say.
        await _gateway.StartAsync(
            $"--Tandem:Classic:MaxMessageBytes={LargestMessage}", $"--Tandem:Classic:MaxSendBytes={LargestMessage}", "--Tandem:ClockSkew=00:00:00",
            "--Tandem:Classic:ConnectionTimeout=00:00:05", "--Tandem:Core:LongPoll=00:00:05", "--Logging:LogLevel:Tandem=Information");
        _clients = new CuttableProxy(_gateway.Url);
        _servers = new CuttableProxy(_gateway.Url);
        var connection = $"{_gateway.ConnectionString.Replace(_gateway.Url, _servers.Url, StringComparison.Ordinal)}ClientEndpoint={_clients.Url};";
        foreach (var server in new[] { Server.OwinMono, Server.OwinNet })
        {
            _owin[server] = new LegacyAppProcess(server.Name, server == Server.OwinMono, connection, isRoom: true) { TokenLifetime = BriefToken };
        }

        _core = AppServerProcess.OfScenarios(connection, "--application", Server.Core.Name, $"--token-lifetime={BriefToken}");
        await Task.WhenAll([.. _owin.Values.Select(app => app.StartAsync()), _core.StartAsync()]);
    }

    public override Address AddressOf(Server server, Generation generation, string way, string user, TokenKind token = TokenKind.Good, bool isSpared = false)
    {
        if (way == Ways.Redirect)
        {
            return generation == Generation.Classic
                ? new Address($"{UrlOf(server)}/signalr", user, Token: null)
                : new Address(server == Server.Core ? $"{UrlOf(server)}/room" : $"{UrlOf(server)}/signalr/room", user, Token: null);
        }

        var gateway = isSpared ? _gateway.Url : _clients!.Url;
        DateTime? expires = token switch { TokenKind.Brief => DateTime.UtcNow + BriefToken, TokenKind.Expired => DateTime.UtcNow - BriefToken, _ => null };
        if (generation == Generation.Classic)
        {
            return new Address($"{gateway}/aspnetclient", User: null, _gateway.ClassicToken(server.Name, user, expires));
        }

        var direct = _gateway.DirectAddressOf($"{server.Name}_room", user, expires);
        return new Address(direct.Url.Replace(_gateway.Url, gateway, StringComparison.Ordinal), User: null, direct.Token);
    }

    public override Task HappenAsync(string happening, Func<Task> meanwhile) => happening switch
    {
        Happenings.Cut => CutAsync([_clients!], meanwhile),
        Happenings.ServerCut => LoseServersAsync(meanwhile),
        Happenings.Expiry => ExpireAsync(meanwhile),
        _ => throw new InvalidDataException($"\"{happening}\" does not happen here."),
    };

    public override async ValueTask DisposeAsync()
    {
        foreach (var app in _owin.Values)
        {
            await app.DisposeAsync();
        }

        await (_core?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_clients?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_servers?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    private string UrlOf(Server server) => server == Server.Core ? _core!.Url : _owin[server].Url;

    /// <summary>Afterwards all app servers are connected again.</summary>
    private async Task LoseServersAsync(Func<Task> meanwhile)
    {
        await CutAsync([_servers!], static () => Task.CompletedTask);
        await Task.WhenAll([_core!.UntilHealthyAsync(), .. _owin.Values.Select(app => app.UntilServedAsync())]);
        await meanwhile();
    }

    private async Task ExpireAsync(Func<Task> meanwhile)
    {
        var token = _gateway.ClassicToken(Server.OwinNet.Name, expires: DateTime.UtcNow + BriefToken);
        await HttpProbe.UntilStatusAsync($"{_gateway.Url}/aspnetclient/negotiate?clientProtocol=2.1&access_token={token}", HttpStatusCode.Unauthorized);
        await CutAsync([_clients!], meanwhile);
    }
}
