using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Routing.Diagnostics;

namespace Tandem.Gateway.Reports;

/// <summary>The answer of <c>/reports/clients</c>: who still uses old clients.</summary>
/// <param name="Node">The node that counted.</param>
/// <param name="Since">When counting began: at the start of the node.</param>
/// <param name="Clients">One entry for each hub, library, version and transport.</param>
internal sealed record ClientReport(string Node, DateTimeOffset Since, IReadOnlyList<ClientUsage> Clients)
{
    /// <summary>How the report is written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };
}
