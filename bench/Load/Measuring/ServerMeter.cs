using Tandem.Load.Peers;

namespace Tandem.Load.Measuring;

/// <summary>The CPU time of a peer's processes from one moment on.</summary>
internal sealed class ServerMeter
{
    private readonly Peer _peer;
    private readonly TimeSpan[] _before;

    private ServerMeter(Peer peer)
    {
        _peer = peer;
        _before = [.. peer.Servers.Select(server => server.CpuTime)];
    }

    public static ServerMeter Start(Peer peer) => new(peer);

    /// <summary>CPU-µs per item since the start.</summary>
    public Cost Stop(double items)
    {
        var spent = _peer.Servers.Select((server, index) => (server.Role, Spent: server.CpuTime - _before[index])).ToArray();
        return new Cost(PerItem(ServerRole.AppServer), PerItem(ServerRole.Gateway));

        double PerItem(ServerRole role) => spent.Where(server => server.Role == role).Sum(server => server.Spent.TotalMicroseconds) / items;
    }

    /// <summary>Resident bytes of each process.</summary>
    public static Cost Resident(Peer peer)
    {
        return new Cost(Of(ServerRole.AppServer), Of(ServerRole.Gateway));

        double Of(ServerRole role) => peer.Servers.Where(server => server.Role == role).Sum(server => server.ResidentBytes);
    }
}
