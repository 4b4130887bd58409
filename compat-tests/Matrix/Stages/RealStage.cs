using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Stages;

/// <summary>SignalR itself, of both generations, without a gateway: what a client cannot do here is its own failing.</summary>
internal sealed class RealStage : Stage
{
    private readonly RealServers _servers = new();
    private readonly Dictionary<Server, CuttableProxy> _clients = [];

    public override async Task StartAsync()
    {
        await _servers.StartAsync();
        _clients[Server.RealClassic] = new CuttableProxy(_servers.Classic.Url);
        _clients[Server.RealCore] = new CuttableProxy(_servers.Core.Url);
    }

    public override Address AddressOf(Server server, Generation generation, string way, string user, TokenKind token = TokenKind.Good, bool isSpared = false) =>
        new(_servers.UrlOf(generation == Generation.Classic, way == Ways.Redirect, isSpared ? null : _clients[server].Url), user, Token: null);

    public override Task HappenAsync(string happening, Func<Task> meanwhile) => happening == Happenings.Cut
        ? CutAsync([.. _clients.Values], meanwhile)
        : throw new InvalidDataException($"\"{happening}\" does not happen where there is no gateway.");

    public override async ValueTask DisposeAsync()
    {
        foreach (var proxy in _clients.Values)
        {
            await proxy.DisposeAsync();
        }

        await _servers.DisposeAsync();
    }
}
