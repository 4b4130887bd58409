using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Protocols.AspNet;

/// <summary>
/// A path at which clients of an application negotiate with the gateway itself, because they cannot follow a redirect (section
/// <c>Tandem:Classic:Applications:NAME</c>).
/// </summary>
public sealed class ClassicApplicationOptions
{
    /// <summary>Path at which its clients connect. Default <c>/signalr</c>.</summary>
    [Description("Path at which clients of the application connect to the gateway directly.")]
    public string Path { get; set; } = "/signalr";

    /// <summary>Name of the application as its app servers have it; null when it is the name of the section. For applications with several paths.</summary>
    [Description("Name of the application as its app servers have it; NAME when empty. For applications with several paths.")]
    public string? Application { get; set; }

    /// <summary>Whether clients without a token may connect. Default no.</summary>
    [Description("Whether clients without a token may connect.")]
    public bool AllowAnonymous { get; set; }

    /// <summary>URL of the authority whose JSON web tokens are accepted; null accepts access tokens signed with an access key of the gateway.</summary>
    [Description("URL of the authority whose JSON web tokens are accepted; empty accepts access tokens that are signed with an access key of the gateway.")]
    public string? Authority { get; set; }

    /// <summary>Audience those tokens must have.</summary>
    [Description("Audience those JSON web tokens must have.")]
    public string? Audience { get; set; }

    /// <summary>
    /// Whether the clients are those of a PersistentConnection instead of hubs: the one that the application maps at the same
    /// <see cref="Path"/>. Default no.
    /// </summary>
    [Description("Whether the application has a PersistentConnection instead of hubs. Path must be the path at which the application maps it.")]
    public bool PersistentConnection { get; set; }

    /// <summary>See <see cref="ClassicProtocolOptions.KeepAlive"/>; null takes that, zero sends none.</summary>
    [Description("As Tandem:Classic:KeepAlive, for clients of this path; empty takes that, 00:00:00 sends none.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>See <see cref="ClassicProtocolOptions.DisconnectTimeout"/>; null takes that.</summary>
    [Description("As Tandem:Classic:DisconnectTimeout, for clients of this path; empty takes that.")]
    [Range(typeof(TimeSpan), "00:00:06", "01:00:00")]
    public TimeSpan? DisconnectTimeout { get; set; }

    /// <summary>See <see cref="ClassicProtocolOptions.ConnectionTimeout"/>; null takes that.</summary>
    [Description("As Tandem:Classic:ConnectionTimeout, for clients of this path; empty takes that.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan? ConnectionTimeout { get; set; }

    /// <summary>See <see cref="ClassicProtocolOptions.TransportConnectTimeout"/>; null takes that.</summary>
    [Description("As Tandem:Classic:TransportConnectTimeout, for clients of this path; empty takes that.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? TransportConnectTimeout { get; set; }

    /// <summary>See <see cref="ClassicProtocolOptions.LongPollDelay"/>; null takes that.</summary>
    [Description("As Tandem:Classic:LongPollDelay, for clients of this path; empty takes that.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? LongPollDelay { get; set; }
}
