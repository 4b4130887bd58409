using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Runs that share a stage at the same time: what happens happens to all of them at once.</summary>
/// <param name="stage">Where they are played.</param>
/// <param name="drivers">Hold the clients.</param>
/// <param name="catalogue">All clients.</param>
/// <param name="parallelism">Runs that are busy at the same time.</param>
/// <param name="say">Is told what is done now.</param>
internal sealed class Batch(Stage stage, Drivers drivers, IReadOnlyList<Client> catalogue, int parallelism, Action<string> say)
{
    private const int Before = 5;
    private const int Meanwhile = 10;
    private const int After = 5;

    /// <param name="plans">Of servers on the stage.</param>
    /// <param name="report">Is told of each run when all is done.</param>
    public async Task PlayAsync(IReadOnlyList<RunPlan> plans, Action<RunPlayer> report)
    {
        say($"{plans.Count} runs");
        var players = plans.Select(plan => new RunPlayer(plan, stage, drivers.AddAsync, drivers.ForgetAsync)).ToArray();
        await ForEachAsync(players, player => player.PlayCalmAsync());
        foreach (var name in Happenings.All)
        {
            await HappenAsync(new Happening(name, $"{name} {Guid.NewGuid():N}"), [.. players.Where(player => player.Awaits(name))]);
        }

        await ForEachAsync(players, async player =>
        {
            await player.ForgetAsync();
            report(player);
        });
    }

    private async Task HappenAsync(Happening happening, RunPlayer[] players)
    {
        if (players.Length == 0)
        {
            return;
        }

        say(happening.Name);
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
