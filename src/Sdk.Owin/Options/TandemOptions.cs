using System.Security.Claims;
using Microsoft.AspNet.SignalR;
using Microsoft.Extensions.Logging;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>How a classic application uses the gateway. Names are those of Azure SignalR Service's SDK.</summary>
public sealed class TandemOptions
{
    /// <summary>The application name when none is set: <c>app</c>.</summary>
    public const string DefaultApplicationName = "app";

    /// <summary>
    /// Where the gateway is, as <c>Endpoint=…;AccessKey=…;</c>. When not set in code it is looked up: on .NET Framework as
    /// <c>Tandem:ConnectionString</c> in <c>&lt;appSettings&gt;</c> and <c>Tandem</c> in <c>&lt;connectionStrings&gt;</c>, in an ASP.NET Core
    /// application under the same names in its configuration; then as the environment variable <c>TANDEM_CONNECTION_STRING</c>; and last
    /// under the names of Azure's SDK.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>Several gateways, in addition to <see cref="ConnectionString"/>. Default: none.</summary>
    public IReadOnlyList<TandemEndpoint> Endpoints { get; set; } = [];

    /// <summary>
    /// Name of the application at the gateway: what its clients, hubs and groups belong to. Applications that share a gateway need
    /// different ones, and it must not be the name of a hub. On the wire a hub is called <c>application_hub</c>: next to an application <c>shop</c>
    /// there must be none called <c>shop_eu</c>. Default: <c>app</c>.
    /// </summary>
    public string ApplicationName { get; set; } = DefaultApplicationName;

    /// <summary>Server connections kept open per hub and endpoint; they carry broadcasts and messages to users. 1 to 1,000, default: 5.</summary>
    public int InitialHubServerConnectionCount { get; set; } = 5;

    /// <summary>
    /// Server connections kept open for the application itself, per endpoint; they carry the clients. 1 to 1,000, default: 1.
    /// </summary>
    public int InitialApplicationServerConnectionCount { get; set; } = 1;

    /// <summary>Most server connections per hub and endpoint, those a gateway asks for included. Default: no bound.</summary>
    public int? MaxHubServerConnectionCount { get; set; }

    /// <summary>
    /// Claims a client's connection has, from its negotiate request. Default: all claims of the user. An access token holds 4,096
    /// characters; an application with Windows authentication should choose here.
    /// </summary>
    public Func<IRequest, IEnumerable<Claim>>? ClaimsProvider { get; set; }

    /// <summary>How long a client may take from negotiate to connect. Default: 1 hour.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a client is served by the app server that answered its negotiate. Default: Disabled.</summary>
    public ServerStickyMode ServerStickyMode { get; set; }

    /// <summary>How the app server leaves.</summary>
    public GracefulShutdownOptions GracefulShutdown { get; } = new();

    /// <summary>Longest time a gateway holds a long poll, in seconds, 1 to 300. Default: the gateway's own.</summary>
    public int? MaxPollIntervalInSeconds { get; set; }

    /// <summary>Clients whose messages the gateway traces. Default: none.</summary>
    public Func<IRequest, bool>? DiagnosticClientFilter { get; set; }

    /// <summary>
    /// Bytes of one client that may wait for its hubs, 64 KiB to 1 GiB. Default: 4 MiB. All clients share the server connections, so a
    /// hub that is slow for one client must not stop reading: that client is closed instead.
    /// </summary>
    public int MaxWaitingBytesPerClient { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes that may wait for the socket of one server connection before senders have to wait, 4 KiB to 1 GiB. Default: 1 MiB.
    /// </summary>
    public int MaxWaitingBytesPerServerConnection { get; set; } = 1024 * 1024;

    /// <summary>Largest message accepted from a gateway, in bytes, 64 KiB to 1 GiB. Default: 64 MiB.</summary>
    public int MaxServiceMessageBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Where the SDK logs. Default: a <see cref="System.Diagnostics.TraceSource"/> named <c>Tandem</c>.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
