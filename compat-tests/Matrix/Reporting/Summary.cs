using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>What a run of the matrix comes to: the reports, and whether anything has become worse.</summary>
internal sealed class Summary(IReadOnlyList<Client> clients, IReadOnlyList<Scenario> scenarios)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs");

    /// <summary>Writes the reports, unless it only checks, and the last lines.</summary>
    /// <returns>The exit code: 0 if no cell is worse than the committed report says.</returns>
    public int Conclude(IReadOnlyList<ReportedRun> runs, bool isCheck, TimeSpan elapsed)
    {
        var file = Path.Combine(Folder, "compatibility.json");
        var before = MatrixJson.Read(file);
        var regressions = Comparison.Regressions(before, runs).ToArray();
        foreach (var regression in regressions)
        {
            Console.WriteLine($"REGRESSION {regression.ReplaceLineEndings(" ")}");
        }

        foreach (var worse in Comparison.WorseThanReal(runs, [.. clients.Select(client => client.Family).Distinct()]))
        {
            Console.WriteLine($"WORSE THAN THE SERVER ITSELF {worse.ReplaceLineEndings(" ")}");
        }

        if (!isCheck)
        {
            Write(file, before, runs);
        }

        var cells = runs.SelectMany(run => run.Cells.Values).ToArray();
        Console.WriteLine($"{runs.Count} runs in {elapsed:mm\\:ss}: {Count(cells, Outcome.Pass)} cells passed ({cells.Count(cell => cell is { Outcome: Outcome.Pass, Tries: > 1 })} at the second try), {Count(cells, Outcome.Limit)} known limits, {Count(cells, Outcome.Fail)} failed, {regressions.Length} regressed");
        return regressions.Length == 0 ? 0 : 1;
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
        File.WriteAllText(Path.Combine(Folder, "compatibility.md"), new MarkdownReport(clients, scenarios, all).Write(DateOnly.FromDateTime(DateTime.UtcNow)));
    }

    private static int Count(IEnumerable<ReportedCell> cells, Outcome outcome) => cells.Count(cell => cell.Outcome == outcome);
}
