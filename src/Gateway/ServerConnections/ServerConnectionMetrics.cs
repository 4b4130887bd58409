using System.Diagnostics.Metrics;
using Tandem.Routing.Diagnostics;

namespace Tandem.Gateway.ServerConnections;

/// <summary>What is counted about server connections beyond what routing counts.</summary>
internal sealed class ServerConnectionMetrics
{
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _ended;

    public ServerConnectionMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(RoutingMetrics.MeterName);
        _unreadable = meter.CreateCounter<long>("gateway.messages.unreadable", "{message}", "Service messages that were skipped because their fields could not be read.");
        _ended = meter.CreateCounter<long>("gateway.server.ended", "{connection}", "Server connections that ended, by reason.");
    }

    public void MessageUnreadable() => _unreadable.Add(1);

    public void Ended(ServerConnectionEnd reason) => _ended.Add(1, new KeyValuePair<string, object?>("reason", reason switch
    {
        ServerConnectionEnd.AppServerClosed => "app_server_closed",
        ServerConnectionEnd.TransportFailed => "transport_failed",
        ServerConnectionEnd.Timeout => "timeout",
        ServerConnectionEnd.HandshakeTimeout => "handshake_timeout",
        ServerConnectionEnd.HandshakeRefused => "handshake_refused",
        ServerConnectionEnd.ProtocolViolation => "protocol_violation",
        ServerConnectionEnd.Backlog => "backlog",
        ServerConnectionEnd.Shutdown => "shutdown",
        _ => "internal_error",
    }));
}
