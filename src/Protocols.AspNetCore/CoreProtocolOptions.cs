using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Protocols.AspNetCore;

/// <summary>How the gateway treats ASP.NET Core SignalR clients (section <c>Tandem:Core</c>).</summary>
public sealed class CoreProtocolOptions
{
    /// <summary>Largest hub message of a client, in bytes. Default 1 MiB; the hub's own, smaller limit applies in the app server.</summary>
    [Description("Largest hub message of a client in bytes; a client that sends more is closed. The app server's own limit applies as well.")]
    [Range(1024, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a client may take for its handshake. Default 15 seconds, as in ASP.NET Core; the token's <c>asrs.s.cht</c> wins.</summary>
    [Description("How long a client may take for its handshake.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A client that was sent nothing for this long is sent a ping. Default 15 seconds, as in ASP.NET Core.</summary>
    [Description("A client that was sent nothing for this long is sent a ping.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A client that pings and then sends nothing for this long is closed. Default 30 seconds, as in ASP.NET Core. A client that
    /// never pings is not timed out.
    /// </summary>
    [Description("A client that has sent a ping and then nothing for this long is closed.")]
    [Range(typeof(TimeSpan), "00:00:02", "02:00:00")]
    public TimeSpan ClientTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a poll is held open without a message. Default 90 seconds, as in ASP.NET Core; the token's <c>asrs.s.ttl</c> wins.</summary>
    [Description("How long a long poll is held open when there is no message.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LongPoll { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a connection without a transport is kept: after negotiate, and between two polls. Default 15 seconds.</summary>
    [Description("How long a connection is kept without a transport: after negotiate and between two polls.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan DisconnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a closing connection may take to send what waits and say goodbye. Default 5 seconds.</summary>
    [Description("How long a closing connection may take to send what waits.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections that have negotiated or opened a transport and have not shaken hands; a further one is refused with 503. Default 20,000.
    /// </summary>
    [Description("Connections that have negotiated or opened a transport and have not shaken hands; a further one is refused with 503.")]
    [Range(1, 10_000_000)]
    public int MaxNegotiated { get; set; } = 20_000;

    /// <summary>Names of hub protocols other than json, messagepack and blazorpack that may be in use at a time. Default 16.</summary>
    [Description("Hub protocols other than json, messagepack and blazorpack that may be in use.")]
    [Range(0, 1000)]
    public int MaxCustomProtocols { get; set; } = 16;
}
