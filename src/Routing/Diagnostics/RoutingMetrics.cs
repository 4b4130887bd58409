using System.Diagnostics.Metrics;
using Tandem.Routing.Connections;

namespace Tandem.Routing.Diagnostics;

/// <summary>The gateway's metrics, all of the meter <see cref="MeterName"/>. Tags are bounded: never a connection, user or group.</summary>
public sealed class RoutingMetrics
{
    /// <summary>Name of the meter to listen to.</summary>
    public const string MeterName = "Tandem.Gateway";

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _clientConnections;
    private readonly Histogram<double> _clientConnectionDuration;
    private readonly Counter<long> _refusedConnections;
    private readonly UpDownCounter<long> _serverConnections;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;
    private readonly Histogram<int> _fanOutRecipients;
    private readonly Counter<long> _slowConsumers;
    private readonly Counter<long> _droppedMessages;
    private readonly Counter<long> _unknownMessages;
    private readonly Counter<long> _notMixed;
    private readonly HashSet<(string Hub, string Method)> _notMixedMethods = [];

    /// <summary>Makes the instruments.</summary>
    public RoutingMetrics(IMeterFactory meterFactory)
    {
        var meter = _meter = meterFactory.Create(MeterName);
        _clientConnections = meter.CreateUpDownCounter<long>("gateway.client.connections", "{connection}", "Client connections that are paired with an app server.");
        _clientConnectionDuration = meter.CreateHistogram<double>("gateway.client.connection.duration", "s", "How long client connections lived, by close reason.");
        _refusedConnections = meter.CreateCounter<long>("gateway.client.refused", "{connection}", "Client connections that were refused, by close reason.");
        _serverConnections = meter.CreateUpDownCounter<long>("gateway.server.connections", "{connection}", "Server connections by kind.");
        _messages = meter.CreateCounter<long>("gateway.messages", "{message}", "Messages by direction (up: from a client, down: from an app server) and kind.");
        _bytes = meter.CreateCounter<long>("gateway.bytes", "By", "Payload bytes by direction; down counts a message once, whatever the number of recipients.");
        _fanOutRecipients = meter.CreateHistogram<int>("gateway.fanout.recipients", "{connection}", "Recipients of messages that are addressed to many.");
        _slowConsumers = meter.CreateCounter<long>("gateway.slow_consumers", "{connection}", "Clients disconnected because they did not read fast enough.");
        _droppedMessages = meter.CreateCounter<long>("gateway.messages.dropped", "{message}", "Messages that reached nobody they were meant for, by reason.");
        _notMixed = meter.CreateCounter<long>("gateway.mixing.unsupported", "{message}", "What clients and app servers of different generations wanted of each other in vain, by feature, hub and method.");
        _unknownMessages = meter.CreateCounter<long>("gateway.messages.unknown", "{message}", "Service messages of a type this version does not know.");
    }

    /// <summary>Methods of hubs that have a tag of their own in the metrics about mixing; further ones share one.</summary>
    internal const int MaxMixingMethods = 200;

    /// <summary>Lets whoever collects metrics read how much waits for clients; nothing is counted per message.</summary>
    internal void ObserveQueuedFrames(Func<long> read) =>
        _meter.CreateObservableGauge("gateway.outbound.queued_frames", read, "{frame}", "Frames that wait for clients, read when metrics are collected.");

    internal void ClientConnected(ClientConnection connection) =>
        _clientConnections.Add(1, Tags(connection));

    internal void ClientDisconnected(ClientConnection connection, CloseReason reason, TimeSpan duration)
    {
        _clientConnections.Add(-1, Tags(connection));
        if (_clientConnectionDuration.Enabled)
        {
            _clientConnectionDuration.Record(
                duration.TotalSeconds, new("transport", connection.Transport), ProtocolTag(connection), GenerationTag(connection), new("reason", reason.ToTag()));
        }

        if (reason == CloseReason.SlowConsumer)
        {
            _slowConsumers.Add(1, new("transport", connection.Transport), ProtocolTag(connection));
        }
    }

    internal void ClientRefused(CloseReason reason) => _refusedConnections.Add(1, new KeyValuePair<string, object?>("reason", reason.ToTag()));

    internal void ServerConnectionsChanged(int by, Protocols.Service.ServerConnectionKind kind) =>
        _serverConnections.Add(by, new KeyValuePair<string, object?>("kind", kind switch
        {
            Protocols.Service.ServerConnectionKind.Weak => "weak",
            Protocols.Service.ServerConnectionKind.OnDemand => "on_demand",
            _ => "default",
        }));

    internal void MessageUp(long bytes)
    {
        if (_messages.Enabled || _bytes.Enabled)
        {
            _messages.Add(1, new("direction", "up"), new("kind", "connection"));
            _bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "up"));
        }
    }

    internal void MessageDown(string kind, long bytes)
    {
        if (_messages.Enabled || _bytes.Enabled)
        {
            _messages.Add(1, new("direction", "down"), new("kind", kind));
            _bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "down"));
        }
    }

    internal void FanOut(string kind, int recipients)
    {
        if (_fanOutRecipients.Enabled)
        {
            _fanOutRecipients.Record(recipients, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    internal void MessageDropped(string reason, int count = 1) =>
        _droppedMessages.Add(count, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Methods are named by clients, so that only the first ones get tags of their own.</summary>
    internal void NotMixed(string hub, string method, Mixing.MixingFeature feature)
    {
        bool isNamed;
        lock (_notMixedMethods)
        {
            isNamed = _notMixedMethods.Contains((hub, method))
                || (_notMixedMethods.Count < MaxMixingMethods && method.Length <= 100 && _notMixedMethods.Add((hub, method)));
        }

        _notMixed.Add(1, new("feature", Mixing.MixingFeatureExtensions.ToTag(feature)), new("hub", isNamed ? hub : "other"), new("method", isNamed ? method : "other"));
    }

    internal void UnknownMessage() => _unknownMessages.Add(1);

    private static KeyValuePair<string, object?>[] Tags(ClientConnection connection) =>
        [new("transport", connection.Transport), ProtocolTag(connection), GenerationTag(connection), VersionTag(connection)];

    private static KeyValuePair<string, object?> GenerationTag(ClientConnection connection) =>
        new("generation", connection.Encoder.Family == ProtocolFamily.Classic ? "classic" : "core");

    private static KeyValuePair<string, object?> VersionTag(ClientConnection connection) =>
        new("version", connection.Library.Protocol is var version && version is "1" or "1.2" or "1.3" or "1.4" or "1.5" or "2.0" or "2.1" ? version : "other");

    /// <summary>Names of protocols come from clients, and there is no end to the names one can think of.</summary>
    private static KeyValuePair<string, object?> ProtocolTag(ClientConnection connection) =>
        new("protocol", connection.Encoder.HubProtocol is var name && name is "json" or "messagepack" or "blazorpack" ? name : "other");
}
