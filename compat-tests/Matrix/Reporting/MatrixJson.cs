using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary><c>docs/compatibility.json</c>: every cell with its time, a line for each run, so that changes can be read.</summary>
internal static class MatrixJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What a file holds; nothing if there is none.</summary>
    public static Dictionary<string, ReportedRun> Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<ReportedRun[]>(File.ReadAllText(file), Options)!.ToDictionary(run => run.Name) : [];

    public static void Write(string file, IEnumerable<ReportedRun> runs) => File.WriteAllText(
        file, $"[\n{string.Join(",\n", runs.Select(run => JsonSerializer.Serialize(run, Options)))}\n]\n");

    /// <summary>The runs behind the gateway, each cell that did not pass with what the server itself says to it.</summary>
    public static IEnumerable<ReportedRun> Report(IReadOnlyList<RunResult> results)
    {
        var real = results.Where(result => result.Run.Server.IsReal).ToDictionary(result => result.Run.Name, result => result.Cells);
        foreach (var (run, cells) in results.Where(result => !result.Run.Server.IsReal).Select(result => (result.Run, result.Cells)))
        {
            var answers = real.GetValueOrDefault((run with { Server = Server.RealOf(run.Client.Family.Generation) }).Name);
            yield return new ReportedRun(
                run.Client.Family.Id, run.Client.Version, run.Client.With, run.Transport, run.Server.Name, run.Way,
                cells.ToDictionary(cell => cell.Key, cell => Report(cell.Value, answers?.GetValueOrDefault(cell.Key))));
        }
    }

    private static ReportedCell Report(Cell cell, Cell? real) => cell.Outcome == Outcome.Pass
        ? new ReportedCell(cell.Outcome, cell.Milliseconds, Tries: TriesOf(cell))
        : new ReportedCell(cell.Outcome, cell.Milliseconds, cell.Reason, real?.Outcome, TriesOf(cell));

    private static int? TriesOf(Cell cell) => cell.Tries == 1 ? null : cell.Tries;
}
