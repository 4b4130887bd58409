using Tandem.Load.Measuring;
using Tandem.Load.Peers;

namespace Tandem.Load.Reporting;

/// <summary>One row of the report: medians of both peers and how they compare.</summary>
internal sealed record Comparison(
    string Row, Cost SelfHost, Cost Gateway, Ratio GatewayToSelfHost, Ratio SumToSelfHost, Traffic? SelfHostTraffic, Traffic? GatewayTraffic)
{
    public static IReadOnlyList<Comparison> Compare(IReadOnlyCollection<Sample> samples) =>
        [.. samples.GroupBy(sample => sample.Row).Select(row => Compare(row.Key, [.. row]))];

    private static Comparison Compare(string row, IReadOnlyCollection<Sample> samples)
    {
        var selfHost = OfPeer(samples, PeerKind.SelfHost);
        var gateway = OfPeer(samples, PeerKind.Gateway);
        return new Comparison(
            row,
            MedianCost(selfHost),
            MedianCost(gateway),
            Ratio.Of(gateway, sample => sample.Cost.Gateway, selfHost, sample => sample.Cost.Total),
            Ratio.Of(gateway, sample => sample.Cost.Total, selfHost, sample => sample.Cost.Total),
            MedianTraffic(selfHost),
            MedianTraffic(gateway));
    }

    private static Sample[] OfPeer(IEnumerable<Sample> samples, PeerKind peer) =>
        [.. samples.Where(sample => sample.Peer == peer).OrderBy(sample => sample.Round)];

    private static Cost MedianCost(Sample[] samples) => new(
        Median.Of(samples.Select(sample => sample.Cost.AppServer)), Median.Of(samples.Select(sample => sample.Cost.Gateway)));

    private static Traffic? MedianTraffic(Sample[] samples)
    {
        var traffic = samples.Select(sample => sample.Traffic).OfType<Traffic>().ToArray();
        return traffic.Length == 0
            ? null
            : new Traffic(
                Median.Of(traffic.Select(one => one.PerSecond)), Median.Of(traffic.Select(one => one.P50)), Median.Of(traffic.Select(one => one.P99)));
    }
}
