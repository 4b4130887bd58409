using System.Text.Json.Serialization;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>A run in <c>docs/compatibility.json</c>.</summary>
/// <param name="Client">Id of the family in the catalogue.</param>
/// <param name="Version">Of the library.</param>
/// <param name="With">What else matters, such as jQuery's version; may be empty.</param>
/// <param name="Transport">Of the client.</param>
/// <param name="Server">Kind of app server.</param>
/// <param name="Way">In.</param>
/// <param name="Cells">By the names of scenarios.</param>
internal sealed record ReportedRun(
    string Client, string Version, string With, string Transport, string Server, string Way, Dictionary<string, ReportedCell> Cells)
{
    [JsonIgnore]
    public string Name => $"{(With.Length == 0 ? $"{Client} {Version}" : $"{Client} {Version} {With}")} {Transport} {Server} {Way}";
}
