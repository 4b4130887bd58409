using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>
/// How an application uses the gateway. Names are those of Azure SignalR Service's SDK. Most can also be set in the
/// configuration section <c>Tandem</c>.
/// </summary>
public sealed class TandemOptions
{
    /// <summary>
    /// Where the gateway is, as <c>Endpoint=…;AccessKey=…;</c>. When not set in code it is looked up as
    /// <c>Tandem:ConnectionString</c>, <c>ConnectionStrings:Tandem</c>, the environment variable
    /// <c>TANDEM_CONNECTION_STRING</c>, and last where Azure's SDK looks.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Several gateways. When not set in code they are read from <c>Tandem:Endpoints:{name}</c>,
    /// <c>Tandem:Endpoints:{name}:primary</c> and <c>Tandem:Endpoints:{name}:secondary</c>, in addition to
    /// <see cref="ConnectionString"/>.
    /// </summary>
    public IReadOnlyList<TandemEndpoint> Endpoints { get; set; } = [];

    /// <summary>Prefix of hub names at the gateway; lets several applications share one. Default: none.</summary>
    public string? ApplicationName { get; set; }

    /// <summary>Server connections kept open per hub and endpoint, 1 to 1,000. Default: 5.</summary>
    public int InitialHubServerConnectionCount { get; set; } = 5;

    /// <summary>Most server connections per hub and endpoint, those a gateway asks for included. Default: no bound.</summary>
    public int? MaxHubServerConnectionCount { get; set; }

    /// <summary>
    /// Claims a client's connection has, from its negotiate request. Default: all claims of the user. An access token holds
    /// 4,096 characters.
    /// </summary>
    public Func<HttpContext, IEnumerable<Claim>>? ClaimsProvider { get; set; }

    /// <summary>How long a client may take from negotiate to connect. Default: 1 hour.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a client is served by the app server that answered its negotiate. Default: Disabled; Required for Blazor Server.</summary>
    public ServerStickyMode? ServerStickyMode { get; set; }

    /// <summary>How the app server leaves.</summary>
    public GracefulShutdownOptions GracefulShutdown { get; } = new();

    /// <summary>Transports a client may use. Default: those of the hub's <c>MapHub</c> options.</summary>
    public Func<HttpContext, HttpTransportType>? TransportTypeDetector { get; set; }

    /// <summary>Longest time a gateway holds a long poll, in seconds, 1 to 300. Default: the gateway's own.</summary>
    public int? MaxPollIntervalInSeconds { get; set; }

    /// <summary>Clients whose messages the gateway traces. Default: none.</summary>
    public Func<HttpContext, bool>? DiagnosticClientFilter { get; set; }

    /// <summary>
    /// Close a client's connection when its authentication expires. Default: as said per hub in the <c>MapHub</c> options.
    /// </summary>
    public bool CloseOnAuthenticationExpiration { get; set; }

    /// <summary>
    /// Bytes of one client that may wait for the hub, 64 KiB to 1 GiB. Default: 4 MiB. All clients share the server
    /// connections, so a hub that is slow for one client must not stop reading: that client is closed instead.
    /// </summary>
    public int MaxWaitingBytesPerClient { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes that may wait for the socket of one server connection before senders have to wait, 4 KiB to 1 GiB. Default: 1 MiB.
    /// </summary>
    public int MaxWaitingBytesPerServerConnection { get; set; } = 1024 * 1024;

    /// <summary>Largest message accepted from a gateway, in bytes, 64 KiB to 1 GiB. Default: 64 MiB.</summary>
    public int MaxServiceMessageBytes { get; set; } = 64 * 1024 * 1024;
}
