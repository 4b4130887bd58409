using System.Globalization;

namespace Tandem.Protocols.Service;

/// <summary>The pings that carry news: their keys, values and how they are made.</summary>
public static class ServicePing
{
    /// <summary>App server → gateway: clients of this server connection, as a number.</summary>
    public const string ClientsKey = "#client";

    /// <summary>App server → gateway: clients of the hub in this process, as a number.</summary>
    public const string ClientsInHubKey = "#clientInHub";

    /// <summary>Gateway → app server: latency probe, sent back unchanged.</summary>
    public const string EchoKey = "echo";

    /// <summary>Gateway → app server: the named gateway instance is gone, and its clients with it.</summary>
    public const string OfflineKey = "offline";

    /// <summary>Gateway → app server: open an on-demand connection to the named instance.</summary>
    public const string TargetKey = "target";

    /// <summary>Question and answer: does this endpoint have clients?</summary>
    public const string StatusKey = "status";

    /// <summary>In a status answer: clients of the hub.</summary>
    public const string ClientCountKey = "clientcount";

    /// <summary>In a status answer: server connections of the hub.</summary>
    public const string ServerCountKey = "servercount";

    /// <summary>In a status answer: how many clients the gateway accepts.</summary>
    public const string CapacityKey = "capacity";

    /// <summary>Question and answer: which app servers serve the hub?</summary>
    public const string ServersKey = "servers";

    /// <summary>App server → gateway: it is about to go (<see cref="FinOff"/> …); gateway → app server: <see cref="FinAck"/>.</summary>
    public const string ShutdownKey = "shutdown";

    /// <summary>Gateway → app server: switch message tracing, <c>1</c> or <c>0</c>.</summary>
    public const string TracingKey = "d-m";

    /// <summary>
    /// App server → gateway: the script with the generated proxies of a classic application, for clients that negotiate with the gateway
    /// itself. Tandem's own; others ignore pings they do not know.
    /// </summary>
    public const string ProxiesKey = "tandem.proxies";

    /// <summary>What stands in that script for the URL of the hubs.</summary>
    public const string ProxiesUrl = "/{tandem-url}";

    /// <summary>
    /// App server → gateway: what a hub of ASP.NET Core is, for clients that are not its own kind, as JSON: <c>name</c>, <c>methods</c>, and of
    /// these <c>streams</c>, which answer with a stream, and <c>uploads</c>, which take one. Tandem's own; others ignore pings they do not know.
    /// </summary>
    public const string HubKey = "tandem.hub";

    /// <summary>Shutdown: the clients are dropped when the connection closes.</summary>
    public const string FinOff = "fin:0";

    /// <summary>Shutdown: move the clients to another app server.</summary>
    public const string FinMigrate = "fin:1";

    /// <summary>Shutdown: let the clients finish.</summary>
    public const string FinWait = "fin:2";

    /// <summary>Answers the shutdown ping: no more clients will be given to the connection.</summary>
    public const string FinAck = "finack";

    /// <summary>Answers a status question with the numbers of the hub.</summary>
    public static PingMessage Status(int clientCount, int serverCount, int? capacity)
    {
        var pairs = new List<KeyValuePair<string, string>>(4)
        {
            new(StatusKey, clientCount > 0 ? "1" : "0"),
            new(ClientCountKey, clientCount.ToString(CultureInfo.InvariantCulture)),
            new(ServerCountKey, serverCount.ToString(CultureInfo.InvariantCulture)),
        };
        if (capacity is { } value)
        {
            pairs.Add(new(CapacityKey, value.ToString(CultureInfo.InvariantCulture)));
        }

        return new PingMessage(pairs);
    }

    /// <summary>Answers a servers question: a timestamp that grows, and the ids of the hub's app servers.</summary>
    public static PingMessage Servers(long timestamp, IEnumerable<string> serverIds) =>
        new(ServersKey, timestamp.ToString(CultureInfo.InvariantCulture) + ":" + string.Join(";", serverIds));
}
