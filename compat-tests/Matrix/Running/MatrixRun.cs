using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Plays runs on stages of its own, in batches, and lets the real servers answer where something did not pass.</summary>
internal sealed class MatrixRun(IReadOnlyList<Client> catalogue, IReadOnlyList<Scenario> scenarios, MatrixOptions options)
{
    private const int Seed = 1;

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

    /// <summary>What is played together: as many batches for each stage, of equal size and, since they are drawn, of much the same weight.</summary>
    public static IEnumerable<T[]> Batches<T>(IEnumerable<T> plans, int size, int stages)
    {
        var drawn = plans.ToArray();
        // Always the same, so that what goes wrong goes wrong again.
        new Random(Seed).Shuffle(drawn);
        var count = (drawn.Length + size - 1) / size;
        count = count <= 1 ? 1 : (count + stages - 1) / stages * stages;
        return drawn.Index().GroupBy(each => each.Index % count, each => each.Item).Select(batch => batch.ToArray());
    }

    public async Task<IReadOnlyList<RunResult>> PlayAsync(IReadOnlyList<Run> runs)
    {
        await using var drivers = new Drivers();
        await PlayAsync([.. runs.Select(run => RunPlan.Of(run, scenarios))], drivers, static () => new GatewayStage(), options.Stages);
        await RetryAsync(drivers);
        await AskRealServersAsync(drivers);
        return _results;
    }

    /// <summary>
    /// Plays what failed once more, fewer at the same time: on a busy machine a client may be too late. The report says which cells needed that.
    /// </summary>
    private async Task RetryAsync(Drivers drivers)
    {
        var failed = _results.Where(result => NamesOf(result, Outcome.Fail).Count > 0).ToDictionary(result => result.Run);
        if (failed.Count == 0)
        {
            return;
        }

        Say($"Once more: {failed.Count} runs");
        _results.RemoveAll(result => failed.ContainsKey(result.Run));
        _total -= failed.Count;
        await PlayAsync([.. failed.Values.Select(result => RunPlan.Of(result.Run, scenarios).Only(NamesOf(result, Outcome.Fail)))], drivers, static () => new GatewayStage(), stages: 1);
        for (var index = 0; index < _results.Count; index++)
        {
            if (failed.TryGetValue(_results[index].Run, out var first))
            {
                _results[index] = _results[index] with { Cells = Merge(first.Cells, _results[index].Cells) };
            }
        }
    }

    /// <summary>
    /// Whether what failed fails on the server itself, too; and what is a known limit, unless nothing is written: then the committed report says
    /// it. What no client can do on app servers of the other generation is not asked.
    /// </summary>
    private async Task AskRealServersAsync(Drivers drivers)
    {
        var questions =
            from result in _results
            let names = NamesOf(result, Outcome.Fail).Concat(options.IsCheck ? [] : NamesOf(result, Outcome.Limit).Except(LimitedScenarios(result.Run)))
            from name in names
            group name by result.Run with { Server = Server.RealOf(result.Run.Client.Family.Generation) } into real
            let plan = RunPlan.Of(real.Key, scenarios).Only(real.ToHashSet())
            where real.Any(name => plan.Scenarios.Any(scenario => scenario.Name == name))
            select plan;
        if (questions.ToArray() is { Length: > 0 } plans)
        {
            Say($"Asking the real servers about {plans.Length} runs");
            await PlayAsync(plans, drivers, static () => new RealStage(), stages: 1);
        }
    }

    private IEnumerable<string> LimitedScenarios(Run run) => RunPlan.Of(run, scenarios).Scenarios.Where(scenario => scenario.Limit is not null).Select(scenario => scenario.Name);

    private static HashSet<string> NamesOf(RunResult result, Outcome outcome) => [.. result.Cells.Where(cell => cell.Value.Outcome == outcome).Select(cell => cell.Key)];

    /// <summary>What held at the first time stays.</summary>
    private static Dictionary<string, Cell> Merge(IReadOnlyDictionary<string, Cell> first, IReadOnlyDictionary<string, Cell> second) => first.ToDictionary(
        cell => cell.Key, cell => cell.Value.Outcome == Outcome.Fail ? second[cell.Key] with { Tries = cell.Value.Tries + 1 } : cell.Value);

    private async Task PlayAsync(RunPlan[] plans, Drivers drivers, Func<Stage> make, int stages)
    {
        _total += plans.Length;
        var batches = new Queue<(int Index, RunPlan[] Plans)>(Batches(plans, options.BatchSize, stages).Index());
        var count = batches.Count;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(stages, count)).Select(async _ =>
        {
            await using var stage = make();
            await stage.StartAsync();
            while (Next(batches) is var (index, batch))
            {
                await new Batch(stage, drivers, catalogue, options.Parallelism, text => Say($"Batch {index + 1} of {count}: {text}")).PlayAsync(batch, Report);
            }
        }));
    }

    private (int Index, RunPlan[] Plans)? Next(Queue<(int Index, RunPlan[] Plans)> batches)
    {
        lock (_lock)
        {
            return batches.TryDequeue(out var batch) ? batch : null;
        }
    }

    private void Say(string text)
    {
        lock (_lock)
        {
            Console.WriteLine(text);
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
