using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Runs that share a stage at the same time: what happens happens to all of them at once.</summary>
internal sealed class Batch(Stage stage, Drivers drivers, IReadOnlyList<Client> catalogue, IReadOnlyList<Scenario> scenarios, int parallelism)
{
    private const int Before = 5;
    private const int Meanwhile = 10;
    private const int After = 5;

    /// <param name="runs">Of servers on the stage.</param>
    /// <param name="report">Is told of each run when all is done.</param>
    public async Task PlayAsync(IReadOnlyList<Run> runs, Action<RunPlayer> report)
    {
        var players = runs.Select(run => new RunPlayer(run, stage, drivers, scenarios)).ToArray();
        await ForEachAsync(players, player => player.PlayCalmAsync());
        foreach (var name in Happenings.All.Where(name => scenarios.Any(scenario => scenario.Happening == name)))
        {
            await HappenAsync(new Happening(name, $"{name} {Guid.NewGuid():N}"), players);
        }

        await ForEachAsync(players, async player =>
        {
            await player.ForgetAsync();
            report(player);
        });
    }

    private async Task HappenAsync(Happening happening, RunPlayer[] players)
    {
        if (!players.Any(player => scenarios.Any(scenario => scenario.Happening == happening.Name && (scenario.Real || !player.Run.Server.IsReal))))
        {
            return;
        }

        var servers = players.Select(player => player.Run.Server).Distinct().ToArray();
        var sender = new Sender(stage, drivers, catalogue);
        await ForEachAsync(players, player => player.PrepareAsync(happening));
        await sender.SendAsync(happening, Before, servers);
        await stage.HappenAsync(happening.Name, () => sender.SendAsync(happening, Meanwhile, servers));
        await sender.SendAsync(happening, After, servers);
        // Mostly waiting.
        await Task.WhenAll(players.Select(player => player.VerifyAsync(happening)));
    }

    private Task ForEachAsync(RunPlayer[] players, Func<RunPlayer, Task> act) =>
        Parallel.ForEachAsync(players, new ParallelOptions { MaxDegreeOfParallelism = parallelism }, async (player, _) => await act(player));
}
