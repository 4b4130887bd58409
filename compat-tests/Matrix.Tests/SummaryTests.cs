using Tandem.Compat.Matrix.Reporting;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

/// <summary>What a run of the matrix comes to, against the report of a run before.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("matrix");
    private readonly StringWriter _output = new();
    private readonly Summary _summary;

    public SummaryTests() => _summary = new Summary([Example.Client], [new Scenario(Scenario.Connect, "connects"), new Scenario("invoke", "calls")], _folder.FullName, _output);

    private string Json => Path.Combine(_folder.FullName, "compatibility.json");

    private string Markdown => File.ReadAllText(Path.Combine(_folder.FullName, "compatibility.md"));

    [Fact]
    public void Conclude_Of_a_cell_that_became_worse_Fails_and_names_it()
    {
        Assert.Equal(0, Conclude(isCheck: false, Run(Example.Pass)));

        Assert.Equal(1, Conclude(isCheck: true, Run(Example.Fail)));
        Assert.Contains($"REGRESSION {Example.RunName}, invoke: was pass, is fail: it broke", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(", 1 regressed", _output.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Conclude_Of_a_cell_that_is_worse_than_on_the_server_itself_Fails_and_names_it()
    {
        Assert.Equal(1, Conclude(isCheck: false, Run(Example.Limit with { Real = Outcome.Pass })));
        Assert.Contains($"WORSE THAN THE SERVER ITSELF {Example.RunName}, invoke", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Conclude_Of_known_limits_Holds() => Assert.Equal(0, Conclude(isCheck: false, Run(Example.Limit)));

    [Fact]
    public void Conclude_As_a_check_Writes_nothing()
    {
        Conclude(isCheck: true, Run(Example.Pass));

        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void Conclude_Keeps_runs_that_were_left_out_and_drops_those_that_there_no_longer_are()
    {
        var other = Example.ReportedOn(Server.Core, (Scenario.Connect, Example.Pass));
        Conclude(isCheck: false, Run(Example.Pass), other, other with { Version = "0.9" });

        Conclude(isCheck: false, Run(Example.Limit));

        Assert.Equivalent(new[] { Run(Example.Limit), other }, MatrixJson.Read(Json).Values.ToArray(), strict: true);
    }

    [Theory]
    [InlineData("Pass", "Pass", "✓")]
    [InlineData("Pass", "Limit", "◐")]
    [InlineData("Limit", "Limit", "○")]
    [InlineData("Pass", "Fail", "✗")]
    public void Conclude_Writes_a_sign_for_each_transport(string connect, string invoke, string sign)
    {
        Conclude(isCheck: false, Example.Reported((Scenario.Connect, Cell(connect)), ("invoke", Cell(invoke))));

        // Two of the three transports, one of them played, in one place of six.
        Assert.Contains($"| 1.0 | ·–· | ·–· | ·–· | {sign}–· | ·–· | ·–· |", Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Conclude_Writes_reasons()
    {
        Conclude(isCheck: false, Run(Example.Limit with { Real = Outcome.Limit }));

        Assert.Contains("* `invoke`: it is old (webSockets; owin-net; direct). The same on the server itself.", Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Conclude_Writes_what_fails()
    {
        Conclude(isCheck: false, Run(Example.Fail with { Reason = "it\nbroke | badly", Real = Outcome.Pass }));

        Assert.Contains($"* {Example.RunName}, `invoke`: it broke \\| badly (the server itself: pass)", Markdown, StringComparison.Ordinal);
        Assert.Contains("## Where the gateway is worse than the server itself", Markdown, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _output.Dispose();
    }

    private static ReportedRun Run(ReportedCell invoke) => Example.Reported((Scenario.Connect, Example.Pass), ("invoke", invoke));

    private static ReportedCell Cell(string outcome) => Enum.Parse<Outcome>(outcome) switch { Outcome.Pass => Example.Pass, Outcome.Limit => Example.Limit, _ => Example.Fail };

    private int Conclude(bool isCheck, params ReportedRun[] runs) => _summary.Conclude(runs, isCheck, TimeSpan.Zero);
}
