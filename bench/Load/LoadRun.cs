using Tandem.Load.Measuring;
using Tandem.Load.Peers;
using Tandem.Load.Reporting;
using Tandem.Load.Scenarios;

namespace Tandem.Load;

/// <summary>A whole run: the peers take turns, round after round, then the report.</summary>
internal static class LoadRun
{
    public static async Task<int> RunAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        if (!BuildOutput.IsRelease)
        {
            await Console.Error.WriteLineAsync("This is a Debug build: the figures mean nothing. Use -c Release.");
        }

        var machine = Machine.Read();
        machine.RequireOpenFiles(options.Connections);

        var samples = new List<Sample>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var peer in Order(round))
            {
                await Console.Error.WriteLineAsync($"Round {round} of {options.Rounds}: {peer}");
                samples.AddRange(await new PeerRound(options, peer, round).RunAsync(cancellationToken));
            }
        }

        var rows = Comparison.Compare(samples);
        await MarkdownReport.WriteAsync(Console.Out, options, machine, rows);
        if (options.JsonPath is { } path)
        {
            await JsonReport.WriteAsync(path, options, machine, rows, samples);
        }

        return 0;
    }

    // Whoever goes first finds a cooler machine, so the order turns.
    private static IEnumerable<PeerKind> Order(int round)
    {
        var peers = Enum.GetValues<PeerKind>();
        return round % 2 == 1 ? peers : peers.Reverse();
    }
}
