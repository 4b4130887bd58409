namespace Tandem.Protocols.Service;

/// <summary>Claims of an access token that speak to the gateway rather than to the application.</summary>
public static class ServiceClaims
{
    /// <summary>How the names of all claims below begin. SDKs hide them from the application.</summary>
    public const string SystemPrefix = "asrs.s.";

    /// <summary>How a user claim begins whose own name would collide with a JWT field; the SDK takes it off again.</summary>
    public const string UserPrefix = "asrs.u.";

    /// <summary>User id chosen by the app's user-id provider; beats the name identifier.</summary>
    public const string UserId = "asrs.s.uid";

    /// <summary>Authentication type of the user, if it is not <c>Bearer</c>.</summary>
    public const string AuthenticationType = "asrs.s.aut";

    /// <summary>Custom name claim type.</summary>
    public const string NameType = "asrs.s.nt";

    /// <summary>Custom role claim type.</summary>
    public const string RoleType = "asrs.s.rt";

    /// <summary>Id of the app server that answered negotiate.</summary>
    public const string ServerName = "asrs.s.sn";

    /// <summary><c>Preferred</c> or <c>Required</c>: whether the client wants that app server.</summary>
    public const string ServerSticky = "asrs.s.ssticky";

    /// <summary>Application name (classic).</summary>
    public const string ApplicationName = "asrs.s.apn";

    /// <summary>
    /// Path of the mapping a classic client negotiated at, such as <c>/raw</c>: tells the app server which of its PersistentConnections is
    /// meant. Tandem's own; other app servers see one claim more.
    /// </summary>
    public const string Endpoint = "asrs.s.tandem.endpoint";

    /// <summary>
    /// The hubs a classic client named at negotiate and may use, in lower case, separated by <c>.</c>, which no hub name holds: it becomes a
    /// member of no other. Empty when it named none. Tandem's own; without it the client is a member of every hub it names.
    /// </summary>
    public const string AllowedHubs = "asrs.s.tandem.hubs";

    /// <summary>
    /// <c>core</c>: an ASP.NET Core application with Tandem's SDK made the token, and has asked the policies of its hubs. Where it is missing, because an
    /// application of the other generation or the gateway itself let the client in, app servers ask them when the client comes. Tandem's own.
    /// </summary>
    public const string AuthorizedBy = "asrs.s.tandem.by";

    /// <summary><c>True</c>: tell the client details of errors.</summary>
    public const string DetailedErrors = "asrs.s.derror";

    /// <summary>Number of endpoints the app server uses, if more than one; informational.</summary>
    public const string EndpointCount = "asrs.s.secn";

    /// <summary>Long-poll interval in seconds, 1…300.</summary>
    public const string LongPollSeconds = "asrs.s.ttl";

    /// <summary><c>true</c>: trace this client's messages.</summary>
    public const string Diagnostic = "asrs.s.dc";

    /// <summary>Handshake timeout in seconds, 1…30; 15 when absent.</summary>
    public const string HandshakeTimeoutSeconds = "asrs.s.cht";

    /// <summary>Allowed transports: 1 WebSockets, 2 server-sent events, 4 long polling, added up.</summary>
    public const string Transports = "asrs.s.htt";

    /// <summary><c>true</c>: close the connection when the user's authentication expires.</summary>
    public const string CloseOnAuthenticationExpiration = "asrs.s.coae";

    /// <summary>When the user's authentication expires, in Unix seconds.</summary>
    public const string AuthenticationExpiresOn = "asrs.s.aeo";
}
