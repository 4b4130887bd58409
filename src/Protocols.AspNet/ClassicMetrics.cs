using System.Diagnostics.Metrics;
using Tandem.Routing.Diagnostics;

namespace Tandem.Protocols.AspNet;

/// <summary>What the adapter counts beside what routing counts.</summary>
internal sealed class ClassicMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _replayMisses;
    private readonly Counter<long> _lateResults;
    private readonly Counter<long> _badResults;

    public ClassicMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(RoutingMetrics.MeterName);
        _replayed = meter.CreateCounter<long>("gateway.classic.replayed", "{message}", "Messages sent again to clients that reconnected.");
        _replayMisses = meter.CreateCounter<long>("gateway.classic.replay_misses", "{connection}", "Clients that reconnected with messages missing that were no longer kept; they were ended.");
        _lateResults = meter.CreateCounter<long>("gateway.classic.late_results", "{message}", "Results that were dropped because the client had lost the socket it called over.");
        _badResults = meter.CreateCounter<long>("gateway.classic.bad_results", "{message}", "What app servers sent to one client and was dropped because it is neither messages nor a result with an id.");
    }

    /// <summary>Reports what <paramref name="read"/> says as the bytes of sent messages that are kept.</summary>
    public void ObserveReplayBytes(Func<long> read) =>
        _meter.CreateObservableUpDownCounter("gateway.classic.replay_bytes", read, "By", "Bytes of sent messages that are kept for clients that may reconnect.");

    public void Replayed(int messages) => _replayed.Add(messages);

    public void ReplayMissed() => _replayMisses.Add(1);

    public void LateResult() => _lateResults.Add(1);

    public void BadResult() => _badResults.Add(1);
}
