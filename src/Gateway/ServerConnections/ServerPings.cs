using Tandem.Protocols.Service;
using Tandem.Routing;

namespace Tandem.Gateway.ServerConnections;

/// <summary>Answers the pings of one app server. Called by its read loop only.</summary>
internal sealed partial class ServerPings(ServerConnection connection, ServerConnectionServices services)
{
    private static long LastTimestamp;

    private bool _migrates;
    private bool _warned;

    public void Answer(PingMessage ping)
    {
        // Everything else is either news nobody needs (client counts), for app servers only, or of a version to come. A plain ping
        // needs no answer: the gateway's own come in time.
        foreach (var (key, value) in ping.Pairs)
        {
            switch (key)
            {
                case ServicePing.StatusKey:
                    connection.Send(Status());
                    break;
                case ServicePing.ServersKey:
                    connection.Send(Servers());
                    break;
                case ServicePing.ProxiesKey when connection.Family == ProtocolFamily.Classic:
                    TakeProxies(value);
                    break;
                case ServicePing.HubKey when connection.Family == ProtocolFamily.Core:
                    TakeDescription(value);
                    break;
                case ServicePing.ShutdownKey when value is ServicePing.FinOff or ServicePing.FinMigrate or ServicePing.FinWait:
                    _migrates = value == ServicePing.FinMigrate;
                    connection.StopClients();
                    Migrate();
                    // Behind the moves: an app server that sees it has also seen every close that goes with them, and no further
                    // opening can follow. It repeats the question until it has the answer, so answering again does no harm.
                    connection.Send(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinAck));
                    return;
            }
        }

        // Some clients may have had nowhere to go, or were still being opened, when the shutdown was announced.
        Migrate();
    }

    private void TakeProxies(string script)
    {
        var max = services.Options.Value.MaxProxyScriptLength;
        if (script.Length <= max)
        {
            connection.Hub.ProxyScript = script;
        }
        else
        {
            Log.ProxiesTooLong(services.Logger, connection.ServerConnectionId, connection.Hub.Key, script.Length, max);
        }
    }

    private void TakeDescription(string json)
    {
        if (HubDescriptionReader.Read(json) is { } description)
        {
            connection.Hub.Description = description;
        }
        else if (!_warned)
        {
            _warned = true;
            Log.NoDescription(services.Logger, connection.ServerConnectionId, connection.Hub.Key, json.Length);
        }
    }

    private void Migrate()
    {
        if (_migrates && connection.Clients.Count > 0 && HasTarget())
        {
            services.Registry.Migrate(connection);
        }
    }

    private bool HasTarget()
    {
        foreach (var other in connection.Hub.Servers.Snapshot())
        {
            if (other.Family == connection.Family && other.AcceptsClients && other.ServerId != connection.ServerId && other.MigrationLevel != MigrationLevel.Off)
            {
                return true;
            }
        }

        return false;
    }

    private PingMessage Status()
    {
        var free = Math.Max(0, services.Limits.Value.MaxConnections - services.Clients.Count);
        return ServicePing.Status(connection.Hub.Clients.Count, connection.Hub.Servers.Snapshot().Length, free);
    }

    /// <summary>App servers compare lists by their timestamps, so two must not have the same.</summary>
    private PingMessage Servers()
    {
        long last, next;
        do
        {
            last = Interlocked.Read(ref LastTimestamp);
            next = Math.Max(last + 1, services.Time.GetUtcNow().Ticks);
        }
        while (Interlocked.CompareExchange(ref LastTimestamp, next, last) != last);

        return ServicePing.Servers(next, connection.Hub.Servers.Snapshot().ToArray().Select(server => server.ServerId).Distinct(StringComparer.Ordinal));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Server connection {ServerConnectionId} of application {Hub} sent a script of generated proxies of {Length} characters; more than {MaxLength} (Servers:MaxProxyScriptLength) are not kept.", EventName = "ProxiesTooLong")]
        public static partial void ProxiesTooLong(ILogger logger, string serverConnectionId, string hub, int length, int maxLength);

        [LoggerMessage(2, LogLevel.Warning, "Server connection {ServerConnectionId} of hub {Hub} sent a description of the hub, of {Length} characters, that cannot be used; it is ignored.", EventName = "NoDescription")]
        public static partial void NoDescription(ILogger logger, string serverConnectionId, string hub, int length);
    }
}
