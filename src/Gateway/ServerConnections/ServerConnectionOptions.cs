using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Gateway.ServerConnections;

/// <summary>How the gateway treats the connections of app servers (section <c>Tandem:Servers</c>).</summary>
public sealed class ServerConnectionOptions
{
    /// <summary>How often an app server is pinged. Default 5 seconds: SDKs take a connection that was silent for 30 seconds as lost.</summary>
    [Description("How often a server connection is pinged. SDKs give a connection up that was silent for 30 seconds.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A server connection that was silent, or took nothing, for this long is lost. Default 30 seconds. SDKs send pings only in answer to
    /// the gateway's, and not more often than every 5 seconds.
    /// </summary>
    [Description("A server connection that was silent, or took nothing, for this long counts as lost.")]
    [Range(typeof(TimeSpan), "00:00:15", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an app server may take for its handshake. Default 15 seconds, as SDKs wait for the answer.</summary>
    [Description("How long an app server may take for its handshake.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest service message of an app server in bytes. Default 16 MiB. A larger one is skipped without being held in memory.</summary>
    [Description("Largest message of an app server; a larger one is skipped, and a client it was for alone is disconnected.")]
    [Range(64 * 1024, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Bytes waiting for an app server above which clients that send to it have to wait. Default 1 MiB.</summary>
    [Description("Bytes waiting for an app server above which the clients that send to it have to wait.")]
    [Range(16 * 1024, 1 << 30)]
    public int MaxBufferedBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Bytes of the gateway's own messages (acks, openings, pings …) waiting for an app server above which its connection is ended: such
    /// messages cannot wait, and an app server that takes none is not alive. Default 16 MiB.
    /// </summary>
    [Description("Bytes of the gateway's own messages waiting for an app server that make it end the connection: the app server does not read.")]
    [Range(64 * 1024, 1 << 30)]
    public int MaxQueuedControlBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Server connections of one hub; a further one is refused with 503. Default 1,000: 200 app servers with five each.</summary>
    [Description("Server connections of one hub; a further one is refused with 503.")]
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerHub { get; set; } = 1000;

    /// <summary>Longest script of generated proxies that is kept for a classic application, in characters. Default 1 Mi.</summary>
    [Description("Longest script of generated proxies, in characters, that is kept for a classic application.")]
    [Range(0, 1 << 28)]
    public int MaxProxyScriptLength { get; set; } = 1024 * 1024;
}
