using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Reporting;

/// <summary>The limits of a family, each reason once, with where it shows.</summary>
internal sealed class LimitList(ClientFamily family, IEnumerable<Client> clients, IEnumerable<ReportedRun> runs)
{
    private readonly Client[] _clients = [.. clients];

    public IEnumerable<string> Lines() =>
        from run in runs
        from cell in run.Cells
        where cell.Value.Outcome == Outcome.Limit
        group (run, scenario: cell.Key, cell.Value.Real) by cell.Value.Reason into limit
        let places = string.Join("; ", Where([.. limit.Select(each => each.run)]))
        select $"{Scenarios([.. limit.Select(each => each.scenario).Distinct()])}: {limit.Key}{(places.Length > 0 ? $" ({places})" : "")}.{(limit.All(each => IsTranslated(each.run)) ? "" : Real([.. limit.Select(each => each.Real)]))}";

    private static string Scenarios(string[] names) => names.Length > 10 ? "everything" : string.Join(", ", names.Select(name => $"`{name}`"));

    /// <summary>Whether the client is on an app server of the other generation, with which no server itself can be compared.</summary>
    private bool IsTranslated(ReportedRun run) => Server.Named(run.Server).Generation != family.Generation;

    private static string Real(Outcome?[] answers) => answers switch
    {
        _ when answers.All(answer => answer is null) => " Cannot be asked of the server itself.",
        _ when answers.All(answer => answer is null or not Outcome.Pass) => " The same on the server itself.",
        _ when answers.All(answer => answer is null or Outcome.Pass) => " Passes on the server itself.",
        _ => " On the server itself partly the same.",
    };

    /// <summary>What of versions, transports, app servers and ways is not simply all.</summary>
    private IEnumerable<string> Where(ReportedRun[] limited)
    {
        if (Versions([.. _clients.Where(client => limited.Any(run => run.Version == client.Version && run.With == client.With))]) is { Length: > 0 } versions)
        {
            yield return versions;
        }

        foreach (var (all, some) in new[]
        {
            ([.. family.Transports], limited.Select(run => run.Transport)),
            ([.. Server.BehindGateway.Select(server => server.Name)], limited.Select(run => run.Server)),
            (Ways.All, limited.Select(run => run.Way)),
        })
        {
            var names = some.Distinct().ToArray();
            if (names.Length < all.Length)
            {
                yield return string.Join(", ", names);
            }
        }
    }

    /// <summary>The shortest way to say which they are; nothing if they are all.</summary>
    private string Versions(Client[] limited)
    {
        var others = _clients.Except(limited).ToArray();
        if (others.Length == 0)
        {
            return "";
        }

        if (!limited.IntersectBy(others.Select(client => client.Version), client => client.Version).Any())
        {
            return string.Join(", ", limited.Select(client => client.Version).Distinct());
        }

        if (!limited.IntersectBy(others.Select(client => client.With), client => client.With).Any())
        {
            return string.Join(", ", limited.Select(client => $"with {client.With}").Distinct());
        }

        return others.Length < limited.Length ? $"all but {string.Join(", ", others.Select(Name))}" : string.Join(", ", limited.Select(Name));
    }

    private static string Name(Client client) => client.With.Length == 0 ? client.Version : $"{client.Version} with {client.With}";
}
