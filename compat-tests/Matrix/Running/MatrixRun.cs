using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Plays runs on stages of its own, in batches, and lets the real servers answer where something did not pass.</summary>
internal sealed class MatrixRun(IReadOnlyList<Client> catalogue, IReadOnlyList<Scenario> scenarios, MatrixOptions options)
{
    private readonly Lock _lock = new();
    private readonly List<RunResult> _results = [];
    private int _total;

    /// <summary>All the runs there are: each client on each of its transports, with each app server, in each way.</summary>
    public static IEnumerable<Run> Runs(IEnumerable<Client> clients) =>
        from client in clients
        from transport in client.Family.Transports
        from server in Server.BehindGateway
        from way in Ways.All
        select new Run(client, transport, server, way);

    /// <summary>One run of each client, with transports, app servers and ways in turn.</summary>
    public static IEnumerable<Run> Diagonal(IEnumerable<Client> clients) => clients.Select((client, index) =>
    {
        var runs = Runs([client]).ToArray();
        // A step that shares no factor with how many there are of anything.
        return runs[index * 7 % runs.Length];
    });

    /// <summary>
    /// Runs that are played together: as many batches for each stage, of equal size and of equal weight, since the runs of a family lie far
    /// apart.
    /// </summary>
    public static IEnumerable<Run[]> Batches(IReadOnlyList<Run> runs, int size, int stages)
    {
        var count = (runs.Count + size - 1) / size;
        count = count <= 1 ? 1 : (count + stages - 1) / stages * stages;
        return runs.Index().GroupBy(each => each.Index % count, each => each.Item).Select(batch => batch.ToArray());
    }

    public async Task<IReadOnlyList<RunResult>> PlayAsync(IReadOnlyList<Run> runs)
    {
        await using var drivers = new Drivers();
        await PlayAsync(runs, drivers, static () => new GatewayStage(), options.Stages);
        await RetryAsync(drivers);
        var doubtful = _results.Where(result => result.Cells.Values.Any(IsDoubtful)).Select(result => result.Run).ToArray();
        var real = doubtful
            .Select(run => run with { Server = Server.RealOf(run.Client.Family.Generation) })
            .Distinct()
            .ToArray();
        if (real.Length > 0)
        {
            Console.WriteLine($"Asking the real servers about {real.Length} runs");
            await PlayAsync(real, drivers, static () => new RealStage(), stages: 1);
        }

        return _results;
    }

    /// <summary>What the committed report says of known limits is enough where nothing is written.</summary>
    private bool IsDoubtful(Cell cell) => cell.Outcome == Outcome.Fail || (cell.Outcome == Outcome.Limit && !options.IsCheck);

    /// <summary>
    /// Plays runs with failures once more, fewer at the same time: on a busy machine a client may be too late. The report says which cells
    /// needed that.
    /// </summary>
    private async Task RetryAsync(Drivers drivers)
    {
        var failed = _results.Where(result => result.Cells.Values.Any(cell => cell.Outcome == Outcome.Fail)).ToDictionary(result => result.Run);
        if (failed.Count == 0)
        {
            return;
        }

        Console.WriteLine($"Once more: {failed.Count} runs");
        _results.RemoveAll(result => failed.ContainsKey(result.Run));
        _total -= failed.Count;
        await PlayAsync([.. failed.Keys], drivers, static () => new GatewayStage(), stages: 1);
        for (var index = 0; index < _results.Count; index++)
        {
            if (failed.TryGetValue(_results[index].Run, out var first))
            {
                _results[index] = _results[index] with { Cells = Merge(first.Cells, _results[index].Cells) };
            }
        }
    }

    /// <summary>What held at the first time stays.</summary>
    private static Dictionary<string, Cell> Merge(IReadOnlyDictionary<string, Cell> first, IReadOnlyDictionary<string, Cell> second) => first.ToDictionary(
        cell => cell.Key, cell => cell.Value.Outcome == Outcome.Fail ? second[cell.Key] with { Tries = cell.Value.Tries + 1 } : cell.Value);

    private async Task PlayAsync(IReadOnlyList<Run> runs, Drivers drivers, Func<Stage> make, int stages)
    {
        _total += runs.Count;
        var batches = new Queue<Run[]>(Batches(runs, options.BatchSize, stages));
        await Task.WhenAll(Enumerable.Range(0, Math.Min(stages, batches.Count)).Select(async _ =>
        {
            await using var stage = make();
            await stage.StartAsync();
            var batch = new Batch(stage, drivers, catalogue, scenarios, options.Parallelism);
            while (Next(batches) is { } next)
            {
                await batch.PlayAsync(next, Report);
            }
        }));
    }

    private Run[]? Next(Queue<Run[]> batches)
    {
        lock (_lock)
        {
            return batches.TryDequeue(out var batch) ? batch : null;
        }
    }

    private void Report(RunPlayer player)
    {
        lock (_lock)
        {
            _results.Add(new RunResult(player.Run, player.Cells));
            var outcomes = player.Cells.Values.CountBy(cell => cell.Outcome).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}");
            Console.WriteLine($"[{_results.Count,4}/{_total}] {player.Run.Name}: {string.Join(", ", outcomes)}");
            foreach (var (scenario, cell) in player.Cells.Where(pair => pair.Value.Outcome == Outcome.Fail))
            {
                Console.WriteLine($"            {scenario}: {cell.Reason.ReplaceLineEndings(" ")}");
            }
        }
    }
}
