namespace Tandem.Protocols.Service;

/// <summary>Headers of the server connection's upgrade request, and those inside open and close messages.</summary>
public static class ServiceHeaders
{
    /// <summary>Upgrade request: id of the app server, one per process.</summary>
    public const string ServerId = "X-ASRS-Server-Id";

    /// <summary>Upgrade request: name and version of the SDK.</summary>
    public const string UserAgent = "Asrs-User-Agent";

    /// <summary>Open connection: gateway instance that holds the client (see the <c>offline</c> ping).</summary>
    public const string InstanceId = "Asrs-Instance-Id";

    /// <summary>Close connection: the client goes on at the app server with this id.</summary>
    public const string MigrateTo = "Asrs-Migrate-To";

    /// <summary>Open connection: the client comes from the app server with this id.</summary>
    public const string MigrateFrom = "Asrs-Migrate-From";

    /// <summary>Open connection: <c>true</c> when the client's messages are to be traced.</summary>
    public const string DiagnosticClient = "Asrs-Is-Diagnostic-Client";
}
