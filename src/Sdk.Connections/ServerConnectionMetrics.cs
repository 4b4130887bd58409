using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tandem.Sdk.Connections;

/// <summary>What an app server counts about its server connections. Tags are bounded: hubs and endpoints of the application.</summary>
internal sealed class ServerConnectionMetrics
{
    /// <summary>Name of the meter to listen to.</summary>
    public const string MeterName = "Tandem.Sdk";

    private readonly ConcurrentDictionary<ServerConnectionSet, bool> _sets = new();
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meterFactory">Where the application has one; null for a meter of its own.</param>
    public ServerConnectionMetrics(IMeterFactory? meterFactory = null)
    {
        var meter = meterFactory?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        // Read when somebody looks, so that whoever begins to listen late sees the truth too.
        meter.CreateObservableUpDownCounter("tandem.server.connections", ReadConnections, "{connection}",
            "Server connections by hub, endpoint and state (connected, connecting).");
        _reconnects = meter.CreateCounter<long>("tandem.server.reconnects", "{connection}", "Server connections that were lost and are back.");
        _messages = meter.CreateCounter<long>("tandem.messages", "{message}", "Service messages by direction (sent to a gateway, received from one) and hub.");
        _bytes = meter.CreateCounter<long>("tandem.bytes", "By", "Bytes of service messages by direction and hub.");
    }

    public void Add(ServerConnectionSet set) => _sets[set] = true;

    public void Remove(ServerConnectionSet set) => _sets.TryRemove(set, out _);

    public void Reconnected(ServerConnectionSet set) => _reconnects.Add(1, HubTag(set.Hub), EndpointTag(set));

    public void Sent(string hub, int messages, long bytes) => Count("sent", hub, messages, bytes);

    public void Received(string hub, long bytes) => Count("received", hub, 1, bytes);

    private static KeyValuePair<string, object?> HubTag(string hub) => new("hub", hub);

    private static KeyValuePair<string, object?> EndpointTag(ServerConnectionSet set) => new("endpoint", set.Endpoint.ToString());

    private void Count(string direction, string hub, int messages, long bytes)
    {
        if (_messages.Enabled || _bytes.Enabled)
        {
            var tag = new KeyValuePair<string, object?>("direction", direction);
            _messages.Add(messages, tag, HubTag(hub));
            _bytes.Add(bytes, tag, HubTag(hub));
        }
    }

    private IEnumerable<Measurement<long>> ReadConnections()
    {
        foreach (var set in _sets.Keys)
        {
            yield return new(set.ConnectedCount, HubTag(set.Hub), EndpointTag(set), new("state", "connected"));
            yield return new(set.ConnectingCount, HubTag(set.Hub), EndpointTag(set), new("state", "connecting"));
        }
    }
}
