using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

/// <summary>What becomes of a scenario: with a driver that gives answers written down here.</summary>
public sealed class RunPlayerTests
{
    private static readonly Scenario[] Scenarios =
    [
        new(Scenario.Connect, "", [new Step("start"), new Step("start", "other")]),
        new("invoke", "", [new Step("invoke", Method: "Add", Gives: Example.Json("3"))]),
        new("state", "", [new Step("invoke", Method: "Add", Gives: Example.Json("3"))], Limit: "it cannot be"),
        new("reconnect", "", [new Step("invoke", Method: "Add", Gives: Example.Json("3"))], Before: [new Step("start")], Happening: Happenings.Cut),
    ];

    private readonly Dictionary<string, string> _answers = new() { ["start"] = """{ "value": "id" }""", ["invoke"] = """{ "value": 3 }""" };
    private readonly List<(string Key, bool HasFailed)> _forgotten = [];
    private ClientLimit[] _limits = [];
    private int _members;

    [Fact]
    public async Task Play_What_holds_Passes() => Assert.Equivalent(
        new Dictionary<string, Outcome> { [Scenario.Connect] = Outcome.Pass, ["invoke"] = Outcome.Pass, ["state"] = Outcome.Limit, ["reconnect"] = Outcome.Pass }, await OutcomesAsync());

    [Fact]
    public async Task Play_What_does_not_hold_Fails_with_step_and_reason()
    {
        _answers["invoke"] = """{ "value": 4 }""";

        var cell = (await PlayAsync())["invoke"];

        Assert.Equal(Outcome.Fail, cell.Outcome);
        Assert.Equal("invoke Add of client: expected 3, got 4", cell.Reason);
    }

    [Fact]
    public async Task Play_What_does_not_hold_and_is_known_Is_a_limit_with_its_reason()
    {
        _answers["invoke"] = """{ "value": 4 }""";
        _limits = [new ClientLimit("it cannot count", Scenarios: ["invoke", "reconnect"])];

        var cells = await PlayAsync();

        Assert.Equivalent(new { Outcome = Outcome.Limit, Reason = "it cannot count" }, cells["invoke"]);
        Assert.Equivalent(new { Outcome = Outcome.Limit, Reason = "it cannot count" }, cells["reconnect"]);
    }

    [Fact]
    public async Task Play_A_known_limit_that_does_not_show_Passes()
    {
        _limits = [new ClientLimit("it cannot count")];

        Assert.Equal(Outcome.Pass, (await PlayAsync())["invoke"].Outcome);
    }

    [Fact]
    public async Task Play_A_limit_that_depends_on_the_moment_Is_one_even_where_it_does_not_show()
    {
        _limits = [new ClientLimit("it may be late", Scenarios: ["invoke", "reconnect"], Sometimes: true)];

        var cells = await PlayAsync();

        Assert.Equivalent(new { Outcome = Outcome.Limit, Reason = "it may be late" }, cells["invoke"]);
        Assert.Equivalent(new { Outcome = Outcome.Limit, Reason = "it may be late" }, cells["reconnect"]);
    }

    [Fact]
    public async Task Play_What_the_library_does_not_know_Is_a_limit()
    {
        _answers["invoke"] = """{ "unsupported": "the library knows no calls" }""";

        Assert.Equivalent(new { Outcome = Outcome.Limit, Reason = "the library knows no calls" }, (await PlayAsync())["invoke"]);
    }

    [Fact]
    public async Task Play_A_limit_of_the_scenario_that_does_not_hold_Fails()
    {
        _answers["invoke"] = """{ "error": "closed" }""";

        Assert.Equal(Outcome.Fail, (await PlayAsync())["state"].Outcome);
    }

    [Fact]
    public async Task Play_A_client_that_does_not_connect_Fails_everywhere_for_that_reason()
    {
        _answers["start"] = """{ "error": "no redirects" }""";

        Assert.All((await PlayAsync()).Values, cell => Assert.Equivalent(new { Outcome = Outcome.Fail, Reason = "start of client: no redirects" }, cell));
    }

    [Fact]
    public async Task Play_A_failure_Is_told_to_the_driver()
    {
        await PlayAsync();
        Assert.All(_forgotten, member => Assert.False(member.HasFailed));

        _answers["invoke"] = """{ "error": "closed" }""";
        await PlayAsync();
        Assert.Contains(_forgotten, member => member.HasFailed);
    }

    private async Task<Dictionary<string, Outcome>> OutcomesAsync() => (await PlayAsync()).ToDictionary(cell => cell.Key, cell => cell.Value.Outcome);

    private async Task<IReadOnlyDictionary<string, Cell>> PlayAsync()
    {
        await using var stage = new NoStage();
        var run = Example.Run with { Client = Example.Client with { Family = Example.Family with { Limits = _limits } } };
        var player = new RunPlayer(RunPlan.Of(run, Scenarios), stage, AddAsync, ForgetAsync);
        var happening = new Happening(Happenings.Cut, "the group");
        await player.PlayCalmAsync();
        await player.PrepareAsync(happening);
        await player.VerifyAsync(happening);
        await player.ForgetAsync();
        return player.Cells;
    }

    private Task<Member> AddAsync(Run run, string user) => Task.FromResult(new Member(
        (command, _, _) => Task.FromResult(Example.Json(_answers.GetValueOrDefault((string)command["act"]!, """{ "value": null }"""))), $"{++_members}", run, user));

    private Task ForgetAsync(Member member, bool hasFailed)
    {
        _forgotten.Add((member.Key, hasFailed));
        return Task.CompletedTask;
    }

    private sealed class NoStage : Stage
    {
        public override Task StartAsync() => Task.CompletedTask;

        public override Address AddressOf(Server server, Generation generation, string way, string user, TokenKind token = TokenKind.Good, bool isSpared = false) =>
            new("http://nowhere", user, Token: null);

        public override Task HappenAsync(string happening, Func<Task> meanwhile) => meanwhile();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
