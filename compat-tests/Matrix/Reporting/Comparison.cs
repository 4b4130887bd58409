using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>What is worse than it was, and what is worse than without a gateway.</summary>
internal static class Comparison
{
    /// <summary>Cells that passed in the committed report, or are new there, and do not hold now.</summary>
    public static IEnumerable<string> Regressions(IReadOnlyDictionary<string, ReportedRun> before, IEnumerable<ReportedRun> now) =>
        from run in now
        let former = before.GetValueOrDefault(run.Name)
        from cell in run.Cells
        let was = former?.Cells.GetValueOrDefault(cell.Key)
        where was is null ? cell.Value.Outcome == Outcome.Fail : was.Outcome < cell.Value.Outcome
        select $"{run.Name}, {cell.Key}: was {was?.Outcome.ToString().ToLowerInvariant() ?? "not there"}, is {cell.Value.Outcome.ToString().ToLowerInvariant()}: {cell.Value.Reason}";

    /// <summary>Cells that do not pass though the server itself, of the generation that the client is made for, lets them pass.</summary>
    public static IEnumerable<string> WorseThanReal(IEnumerable<ReportedRun> runs, IReadOnlyList<ClientFamily> families) =>
        from run in runs
        where families.First(family => family.Id == run.Client).Generation == Server.Named(run.Server).Generation
        from cell in run.Cells
        where cell.Value is { Outcome: not Outcome.Pass, Real: Outcome.Pass }
        select $"{run.Name}, {cell.Key}: {cell.Value.Reason}";
}
