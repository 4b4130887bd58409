namespace Tandem.Protocols.Service;

/// <summary>Paths and query parameters of the gateway, as the SDKs build them.</summary>
public static class ServicePaths
{
    /// <summary>Where app servers that serve Core hubs connect: <c>/server/?hub=…&amp;cid=…</c>.</summary>
    public const string Server = "/server";

    /// <summary>Where Core clients negotiate and connect: <c>/client/?hub=…</c>.</summary>
    public const string Client = "/client";

    /// <summary>Where app servers that serve classic hubs connect: <c>/aspnetserver/?hub=…&amp;cid=…</c>.</summary>
    public const string ClassicServer = "/aspnetserver";

    /// <summary>Where redirected classic clients negotiate and connect: <c>/aspnetclient/negotiate?…</c>.</summary>
    public const string ClassicClient = "/aspnetclient";

    /// <summary>Query parameter with the prefixed hub name.</summary>
    public const string HubQuery = "hub";

    /// <summary>Query parameter with the app server's name for the server connection.</summary>
    public const string ServerConnectionIdQuery = "cid";

    /// <summary>Query parameter with the gateway instance that asked for an on-demand connection.</summary>
    public const string TargetQuery = "target";

    /// <summary>Query parameter with the path of the client's original negotiate request, without <c>/negotiate</c>.</summary>
    public const string OriginalPathQuery = "asrs.op";

    /// <summary>Query parameter with an id for diagnostics.</summary>
    public const string RequestIdQuery = "asrs_request_id";

    /// <summary>Query parameter with the culture of the client's negotiate request.</summary>
    public const string CultureQuery = "asrs_lang";

    /// <summary>Query parameter with the UI culture of the client's negotiate request.</summary>
    public const string UICultureQuery = "asrs_ui_lang";

    /// <summary>Query parameter that carries the access token where a header cannot be set.</summary>
    public const string AccessTokenQuery = "access_token";

    /// <summary>
    /// The name under which a classic application itself connects and its clients are served: <c>lower(application)_lower(application)</c>.
    /// </summary>
    public static string ApplicationHub(string applicationName) => PrefixedHub(applicationName, applicationName);

    /// <summary>
    /// The name a hub has on the wire: <c>lower(application)_lower(hub)</c>, or <c>lower(hub)</c> without an application.
    /// </summary>
    public static string PrefixedHub(string? applicationName, string hub) =>
        string.IsNullOrEmpty(applicationName)
            ? hub.ToLowerInvariant()
            : applicationName!.ToLowerInvariant() + "_" + hub.ToLowerInvariant();
}
