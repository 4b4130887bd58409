using Tandem.Load.Peers;

namespace Tandem.Load.Measuring;

/// <summary>The CPU time of a peer's processes from one moment on.</summary>
internal sealed class ServerMeter
{
    private readonly CpuClock[] _clocks;

    private ServerMeter(Peer peer) => _clocks = [.. peer.Servers.Select(server => new CpuClock(server))];

    public static ServerMeter Start(Peer peer) => new(peer);

    /// <summary>CPU-µs per item since the start.</summary>
    public Cost Stop(double items)
    {
        var spent = _clocks.Select(clock => (clock.Role, Elapsed: clock.Elapsed())).ToArray();
        return new Cost(PerItem(ServerRole.AppServer), PerItem(ServerRole.Gateway));

        double PerItem(ServerRole role) => spent.Where(server => server.Role == role).Sum(server => server.Elapsed.TotalMicroseconds) / items;
    }

    /// <summary>Resident bytes of each process.</summary>
    public static Cost Resident(Peer peer)
    {
        return new Cost(Of(ServerRole.AppServer), Of(ServerRole.Gateway));

        double Of(ServerRole role) => peer.Servers.Where(server => server.Role == role).Sum(server => server.ResidentBytes);
    }
}
