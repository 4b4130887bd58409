using System.Text;
using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary><c>docs/compatibility.md</c>: the matrix as people read it.</summary>
internal sealed class MarkdownReport(IReadOnlyList<Client> clients, IReadOnlyList<Scenario> scenarios, IReadOnlyCollection<ReportedRun> runs)
{
    private const string Passed = "✓";
    private const string Limited = "◐";
    private const string NotConnected = "○";
    private const string Failed = "✗";
    private const string Missing = "–";
    private const string NotRun = "·";

    private static readonly string[] Transports = ["webSockets", "serverSentEvents", "longPolling"];

    private readonly StringBuilder _text = new();
    private readonly ClientFamily[] _families = [.. clients.Select(client => client.Family).Distinct()];

    public string Write(DateOnly date)
    {
        WriteHead(date);
        WriteScenarios();
        foreach (var generation in new[] { Generation.Classic, Generation.Core })
        {
            Line($"## {(generation == Generation.Classic ? "Clients of ASP.NET SignalR 2.x" : "Clients of ASP.NET Core SignalR")}");
            foreach (var family in _families.Where(family => family.Generation == generation))
            {
                WriteFamily(family);
            }
        }

        WriteFailures();
        return _text.ToString();
    }

    private void WriteHead(DateOnly date)
    {
        var cells = runs.SelectMany(run => run.Cells.Values).ToArray();
        var worse = Comparison.WorseThanReal(runs, _families).Count();
        Line("# Compatibility");
        Line("Does your client work? Real client libraries, unchanged, on real app servers through a real gateway: this table is written by");
        Line($"`./compat-tests/run.sh`, last on {date:yyyy-MM-dd}; every cell with its time is in [compatibility.json](compatibility.json).", blank: true);
        var all = MatrixRun.Runs(clients).Count();
        Line($"**{clients.Count} clients** × transports × {Server.BehindGateway.Length} kinds of app servers × 2 ways in = {all:N0} runs of up to {scenarios.Count} scenarios{(runs.Count < all ? $"; {runs.Count:N0} of them have been played" : "")}. "
            + $"{cells.Length:N0} cells: {cells.Count(cell => cell.Outcome == Outcome.Pass):N0} pass, {cells.Count(cell => cell.Outcome == Outcome.Limit):N0} known limits, "
            + $"{cells.Count(cell => cell.Outcome == Outcome.Fail):N0} fail.");
        Line("What did not pass was put to the server itself, without a gateway (ASP.NET SignalR 2.4.1, ASP.NET Core SignalR): "
            + (worse == 0 ? "in no cell is the gateway worse." : $"in {worse} {(worse == 1 ? "cell" : "cells")} the gateway is worse; they are listed at the end."), blank: true);
        Line($"Each place has a sign for each transport, in the order WebSockets, server-sent events, long polling: {Passed} all scenarios pass · {Limited} all but known limits pass, "
            + $"the reasons are below the table · {NotConnected} it does not connect at all, for a reason given there · {Failed} something fails · {Missing} the library has no such transport there"
            + (runs.Count < all ? $" · {NotRun} not run yet." : "."));
        Line("**Redirect**: the client negotiates at the app server, which sends it to the gateway. **Direct**: its URL is the gateway's. "
            + "A client on an app server of the other generation is [translated](mixing.md).", blank: true);
    }

    private void WriteScenarios()
    {
        Line("## Scenarios");
        Line("| scenario | what it shows | pass | known limit | fail |");
        Line("|---|---|--:|--:|--:|");
        foreach (var scenario in scenarios)
        {
            var cells = runs.Select(run => run.Cells.GetValueOrDefault(scenario.Name)).OfType<ReportedCell>().CountBy(cell => cell.Outcome).ToDictionary();
            Line($"| `{scenario.Name}` | {scenario.Title} | {string.Join(" | ", Enum.GetValues<Outcome>().Select(outcome => $"{cells.GetValueOrDefault(outcome):N0}"))} |");
        }

        Line("", blank: false);
    }

    private void WriteFamily(ClientFamily family)
    {
        Line($"### {family.Title}");
        var columns = Server.BehindGateway.SelectMany(server => Ways.All.Select(way => (server, way))).ToArray();
        Line($"| version | {string.Join(" | ", columns.Select(column => $"{column.server.Title}, {column.way}"))} |");
        Line($"|---|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
        foreach (var client in clients.Where(client => client.Family == family))
        {
            var own = RunsOf(client).ToArray();
            var places = columns.Select(column => string.Concat(Transports.Select(transport => !family.Transports.Contains(transport) ? Missing
                : own.FirstOrDefault(run => run.Server == column.server.Name && run.Way == column.way && run.Transport == transport) is { } run ? Sign(run)
                : NotRun)));
            Line($"| {client.Version}{(client.With.Length > 0 ? $", {client.With}" : "")} | {string.Join(" | ", places)} |");
        }

        Line("", blank: false);
        var limits = new LimitList(family, clients.Where(client => client.Family == family), runs.Where(run => run.Client == family.Id)).Lines();
        WriteList([.. family.Absent.Select(absent => $"{absent.Version} is not under test: {absent.Reason}."), .. limits]);
    }

    private void WriteFailures()
    {
        var failures = runs.SelectMany(run => run.Cells.Where(cell => cell.Value.Outcome == Outcome.Fail).Select(cell =>
            $"{run.Name}, `{cell.Key}`: {Inline(cell.Value.Reason!)} (the server itself: {cell.Value.Real?.ToString().ToLowerInvariant() ?? "not asked"})")).ToArray();
        WriteSection("## What fails", failures);
        WriteSection("## Where the gateway is worse than the server itself", [.. Comparison.WorseThanReal(runs, _families).Select(Inline)]);
    }

    private void WriteSection(string title, string[] lines)
    {
        if (lines.Length > 0)
        {
            Line(title);
            WriteList(lines);
        }
    }

    private void WriteList(string[] lines)
    {
        foreach (var line in lines)
        {
            Line($"* {line}");
        }

        if (lines.Length > 0)
        {
            Line("", blank: false);
        }
    }

    private IEnumerable<ReportedRun> RunsOf(Client client) =>
        runs.Where(run => run.Client == client.Family.Id && run.Version == client.Version && run.With == client.With);

    private static string Sign(ReportedRun run) => run.Cells.Values.Max(cell => cell.Outcome) switch
    {
        Outcome.Pass => Passed,
        Outcome.Limit => run.Cells[Scenario.Connect].Outcome == Outcome.Limit ? NotConnected : Limited,
        _ => Failed,
    };

    private static string Inline(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Headings have a blank line around them, and paragraphs end with one where asked.</summary>
    private void Line(string line, bool? blank = null)
    {
        _text.AppendLine(line);
        if (blank ?? line.StartsWith('#'))
        {
            _text.AppendLine();
        }
    }
}
