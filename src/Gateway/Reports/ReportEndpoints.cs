using Tandem.Gateway.Authentication;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;

namespace Tandem.Gateway.Reports;

/// <summary>What operators ask. All of it needs a token made with an access key, and tells nobody else who the clients are.</summary>
internal static class ReportEndpoints
{
    /// <summary>Path of all reports.</summary>
    public const string Path = "/reports";

    /// <summary>Path of the report on clients; the audience of its tokens ends so.</summary>
    public const string ClientsPath = Path + "/clients";

    /// <summary>Maps the reports.</summary>
    public static void MapReports(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(ClientsPath, static (ClientLedger ledger, ConnectionIds ids) => Results.Json(new ClientReport(ids.NodeTag, ledger.Since, ledger.Read()), ClientReport.Json))
            .RequireAuthorization(AccessTokenSchemes.ServerPolicy);
}
