using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>What a run of the matrix comes to: the reports, and whether anything has become worse.</summary>
/// <param name="clients">The catalogue.</param>
/// <param name="scenarios">All there are.</param>
/// <param name="folder">Of the reports.</param>
/// <param name="output">Gets the last lines.</param>
internal sealed class Summary(IReadOnlyList<Client> clients, IReadOnlyList<Scenario> scenarios, string folder, TextWriter output)
{
    /// <summary>Writes the reports, unless it only checks, and the last lines.</summary>
    /// <returns>The exit code: 0 if no cell is worse than the committed report says, or than the server itself.</returns>
    public int Conclude(IReadOnlyList<ReportedRun> runs, bool isCheck, TimeSpan elapsed)
    {
        var file = Path.Combine(folder, "compatibility.json");
        var before = MatrixJson.Read(file);
        var regressions = Comparison.Regressions(before, runs).ToArray();
        foreach (var regression in regressions)
        {
            output.WriteLine($"REGRESSION {regression.ReplaceLineEndings(" ")}");
        }

        var worse = Comparison.WorseThanReal(runs, [.. clients.Select(client => client.Family).Distinct()]).ToArray();
        foreach (var cell in worse)
        {
            output.WriteLine($"WORSE THAN THE SERVER ITSELF {cell.ReplaceLineEndings(" ")}");
        }

        if (!isCheck)
        {
            Write(file, before, runs);
        }

        var cells = runs.SelectMany(run => run.Cells.Values).ToArray();
        output.WriteLine($"{runs.Count} runs in {elapsed:mm\\:ss}: {Count(cells, Outcome.Pass)} cells passed ({cells.Count(cell => cell is { Outcome: Outcome.Pass, Tries: > 1 })} at the second try), {Count(cells, Outcome.Limit)} known limits, {Count(cells, Outcome.Fail)} failed, {worse.Length} worse than the server itself, {regressions.Length} regressed");
        return regressions.Length + worse.Length == 0 ? 0 : 1;
    }

    /// <summary>Runs that were left out keep what was known of them, unless the catalogue no longer has them.</summary>
    private void Write(string file, Dictionary<string, ReportedRun> before, IReadOnlyList<ReportedRun> runs)
    {
        foreach (var run in runs)
        {
            before[run.Name] = run;
        }

        var all = MatrixRun.Runs(clients).Select(run => before.GetValueOrDefault(run.Name)).OfType<ReportedRun>().ToArray();
        MatrixJson.Write(file, all);
        File.WriteAllText(Path.Combine(folder, "compatibility.md"), new MarkdownReport(clients, scenarios, all).Write(DateOnly.FromDateTime(DateTime.UtcNow)));
    }

    private static int Count(IEnumerable<ReportedCell> cells, Outcome outcome) => cells.Count(cell => cell.Outcome == outcome);
}
