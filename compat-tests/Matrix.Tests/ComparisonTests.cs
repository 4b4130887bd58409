using Tandem.Compat.Matrix.Reporting;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

public sealed class ComparisonTests
{
    public static TheoryData<string, string> Worse { get; } = new() { { "Pass", "Fail" }, { "Pass", "Limit" }, { "Limit", "Fail" } };

    public static TheoryData<string, string> NotWorse { get; } =
        new() { { "Pass", "Pass" }, { "Limit", "Limit" }, { "Fail", "Fail" }, { "Limit", "Pass" }, { "Fail", "Pass" }, { "Fail", "Limit" } };

    [Theory, MemberData(nameof(Worse))]
    public void Regressions_Of_a_cell_that_became_worse_Names_it(string before, string now)
    {
        var regression = Assert.Single(Regressions(("invoke", Cell(before)), ("invoke", Cell(now))));

        Assert.StartsWith($"{Example.RunName}, invoke: was {before.ToLowerInvariant()}, is {now.ToLowerInvariant()}", regression, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(NotWorse))]
    public void Regressions_Of_a_cell_that_is_no_worse_Are_none(string before, string now) => Assert.Empty(Regressions(("invoke", Cell(before)), ("invoke", Cell(now))));

    [Fact]
    public void Regressions_Of_a_new_cell_that_fails_Names_it() =>
        Assert.Contains("was not there, is fail: it broke", Assert.Single(Regressions(("connect", Example.Pass), ("invoke", Example.Fail))), StringComparison.Ordinal);

    [Fact]
    public void Regressions_Of_a_new_known_limit_Are_none() => Assert.Empty(Regressions(("connect", Example.Pass), ("invoke", Example.Limit)));

    [Fact]
    public void Regressions_Of_a_new_run_that_fails_Names_it() =>
        Assert.Single(Comparison.Regressions(new Dictionary<string, ReportedRun>(), [Example.Reported(("invoke", Example.Fail))]));

    [Theory, InlineData("Limit"), InlineData("Fail")]
    public void WorseThanReal_Of_what_passes_on_the_server_itself_Names_it(string outcome)
    {
        var cell = Cell(outcome) with { Real = Outcome.Pass };

        Assert.StartsWith($"{Example.RunName}, invoke", Assert.Single(Comparison.WorseThanReal([Example.Reported(("invoke", cell))], [Example.Family])), StringComparison.Ordinal);
    }

    [Theory, InlineData("Limit"), InlineData("Fail"), InlineData(null)]
    public void WorseThanReal_Of_what_does_not_pass_there_either_Is_nothing(string? real)
    {
        var cell = Example.Limit with { Real = real is null ? null : Enum.Parse<Outcome>(real) };

        Assert.Empty(Comparison.WorseThanReal([Example.Reported(("invoke", cell))], [Example.Family]));
    }

    [Fact]
    public void WorseThanReal_On_an_app_server_of_the_other_generation_Is_nothing() =>
        Assert.Empty(Comparison.WorseThanReal([Example.ReportedOn(Server.Core, ("state", Example.Limit with { Real = Outcome.Pass }))], [Example.Family]));

    private static IEnumerable<string> Regressions((string, ReportedCell) before, (string, ReportedCell) now) =>
        Comparison.Regressions(new Dictionary<string, ReportedRun> { [Example.RunName] = Example.Reported(before) }, [Example.Reported(now)]);

    private static ReportedCell Cell(string outcome) => Enum.Parse<Outcome>(outcome) switch { Outcome.Pass => Example.Pass, Outcome.Limit => Example.Limit, _ => Example.Fail };
}
