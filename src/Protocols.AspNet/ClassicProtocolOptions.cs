using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Protocols.AspNet;

/// <summary>How the gateway treats classic ASP.NET SignalR clients (section <c>Tandem:Classic</c>).</summary>
public sealed class ClassicProtocolOptions
{
    /// <summary>
    /// Time between two keep-alives on a stream, two seconds at least and a third of <see cref="DisconnectTimeout"/> at most; null sends none.
    /// Clients are told the double. Default 10 seconds, as in ASP.NET SignalR.
    /// </summary>
    [Description("Time between two keep-alives, at most a third of DisconnectTimeout; clients are told the double and reconnect when nothing came for so long. Empty sends none.")]
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan? KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is kept without a transport, and how long clients try to reconnect. Default 30 seconds, as in ASP.NET SignalR.</summary>
    [Description("How long a connection is kept without a transport, and how long clients are told to try to reconnect.")]
    [Range(typeof(TimeSpan), "00:00:06", "01:00:00")]
    public TimeSpan DisconnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a poll is held open without a message; other streams too, when there are no keep-alives. Default 110 seconds, as in ASP.NET SignalR.</summary>
    [Description("How long a poll is held open without a message; without keep-alives other streams as well.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ConnectionTimeout { get; set; } = TimeSpan.FromSeconds(110);

    /// <summary>How long clients are told to wait for a transport to open before they try the next one. Default 5 seconds, as in ASP.NET SignalR.</summary>
    [Description("How long clients are told to wait for a transport to open before they try the next.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan TransportConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long JavaScript clients are told to wait between two polls. Default none.</summary>
    [Description("How long JavaScript clients are told to wait between two polls.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan LongPollDelay { get; set; } = TimeSpan.Zero;

    /// <summary>Largest message of a client on a WebSocket, in bytes; a larger one drops the socket. Default 64 KiB, as in ASP.NET SignalR.</summary>
    [Description("Largest message of a client on a WebSocket in bytes; a client that sends more loses its socket and reconnects.")]
    [Range(1024, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Largest body of a client's POST, in bytes as sent, which is up to three times the message. Default 4 MiB.</summary>
    [Description("Largest body of a POST of a client in bytes; a larger one is refused with 413.")]
    [Range(1024, 1 << 30)]
    public int MaxSendBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// POSTs of one connection that may wait for the result of their call or, with a PersistentConnection, for the app server; a further one is
    /// refused with 429. Default 100.
    /// </summary>
    [Description("POSTs of one connection that may wait for the result of their call, or for the app server; a further one is refused with 429.")]
    [Range(1, 100_000)]
    public int MaxPendingSends { get; set; } = 100;

    /// <summary>Longest <c>connectionData</c>, in characters. Default 8,192.</summary>
    [Description("Longest connectionData in characters.")]
    [Range(64, 1 << 20)]
    public int MaxConnectionDataLength { get; set; } = 8192;

    /// <summary>Hubs one client may name. Default 50.</summary>
    [Description("Hubs one client may name.")]
    [Range(1, 1000)]
    public int MaxHubsPerConnection { get; set; } = 50;

    /// <summary>Connections that have opened a transport and have not started; a further one is refused with 503. Default 20,000.</summary>
    [Description("Connections that have opened a transport and have not started; a further one is refused with 503.")]
    [Range(1, 10_000_000)]
    public int MaxUnstarted { get; set; } = 20_000;

    /// <summary>
    /// Bytes of sent messages that are kept for one connection, in case its transport has lost them. Default 256 KiB: a thousand messages of
    /// 256 bytes, which is what ASP.NET SignalR keeps of each topic.
    /// </summary>
    [Description("Bytes of sent messages kept for one connection in case its transport has lost them; the newest message is kept whatever its size.")]
    [Range(0, 1 << 30)]
    public int ReplayBytes { get; set; } = 256 * 1024;

    /// <summary>Sent messages that are kept for one connection. Default 1,000, as many as ASP.NET SignalR keeps of each topic.</summary>
    [Description("Sent messages kept for one connection in case its transport has lost them.")]
    [Range(1, 1_000_000)]
    public int ReplayMessages { get; set; } = 1000;

    /// <summary>
    /// Bytes of sent messages that are kept for all connections of this node, a message counted once for each of them. When there are more,
    /// the largest stores are emptied; their clients lose their connection if they reconnect with something missing. Default 256 MiB.
    /// </summary>
    [Description("Bytes of sent messages kept for all connections of this node, each message counted once per connection; the largest stores are emptied when there are more.")]
    [Range(1024, int.MaxValue)]
    public int MaxReplayBytesTotal { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long a closing connection may take to send what waits. Default 5 seconds.</summary>
    [Description("How long a closing connection may take to send what waits.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
