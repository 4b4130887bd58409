using System.Diagnostics;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Puts the members of one run through scenarios, and remembers what became of each.</summary>
/// <param name="plan">Which.</param>
/// <param name="stage">Where.</param>
/// <param name="add">See <see cref="Drivers.AddAsync"/>.</param>
/// <param name="forget">See <see cref="Drivers.ForgetAsync"/>.</param>
internal sealed class RunPlayer(RunPlan plan, Stage stage, Func<Run, string, Task<Member>> add, Func<Member, bool, Task> forget)
{
    private const string Client = "client";

    private static readonly TimeSpan OfStep = Deadlines.Step;
    private static readonly TimeSpan AfterHappening = Deadlines.Process;

    // What is known to fail is not waited for so long.
    private static readonly TimeSpan OfLimitedStep = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan AfterHappeningIfLimited = TimeSpan.FromSeconds(10);

    private readonly string _unique = $"{plan.Run.Name} {Guid.NewGuid():N}";
    private readonly Dictionary<string, Member> _members = [];
    private readonly Dictionary<string, Cell> _cells = [];
    private string? _neverConnected;

    public Run Run => plan.Run;

    /// <summary>What became of the scenarios of the plan, by name.</summary>
    public IReadOnlyDictionary<string, Cell> Cells => _cells;

    /// <summary>Everything that needs nothing to happen. Afterwards nobody of the run is connected: who waits for the others costs them time.</summary>
    public async Task PlayCalmAsync()
    {
        foreach (var scenario in Of(happening: null))
        {
            var hasHeld = await PlayAsync(scenario, scenario.Steps!, isAfter: false, Happening.None);
            if (!hasHeld && _neverConnected is null && scenario.Name != "stop")
            {
                // A failure, even a known one, may have left anything behind: those that follow begin afresh.
                await ForgetAsync(hasFailed: true);
            }
        }

        await ForgetAsync(hasFailed: _neverConnected is not null);
    }

    /// <summary>What comes before a happening.</summary>
    public async Task PrepareAsync(Happening happening)
    {
        foreach (var scenario in Of(happening.Name))
        {
            await PlayAsync(scenario, scenario.Before!, isAfter: false, happening);
        }
    }

    /// <summary>What comes after a happening.</summary>
    public async Task VerifyAsync(Happening happening)
    {
        foreach (var scenario in Of(happening.Name).Where(scenario => _cells[scenario.Name].Outcome == Outcome.Pass))
        {
            if (!await PlayAsync(scenario, scenario.Steps!, isAfter: true, happening))
            {
                await ForgetAsync(hasFailed: true);
            }
        }
    }

    /// <summary>Drops all clients, whatever their state.</summary>
    /// <param name="hasFailed">Whether something failed.</param>
    public async Task ForgetAsync(bool hasFailed = false)
    {
        foreach (var member in _members.Values)
        {
            try
            {
                await forget(member, hasFailed);
            }
            catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or ClientException)
            {
                // A driver that has failed for good says so with the next thing it is asked to do.
            }
        }

        _members.Clear();
    }

    /// <summary>Whether it goes through anything that a happening is part of.</summary>
    public bool Awaits(string happening) => Of(happening).Any();

    private IEnumerable<Scenario> Of(string? happening) => plan.Scenarios.Where(scenario => scenario.Happening == happening);

    /// <returns>Whether it went as the scenario says.</returns>
    private async Task<bool> PlayAsync(Scenario scenario, Step[] steps, bool isAfter, Happening happening)
    {
        var limit = Run.Client.Family.Limits.FirstOrDefault(limit => Run.Server.Names.Any(name => limit.Covers(Run.Client, Run.Transport, name, Run.Way, scenario.Name)));
        var deadline = (isAfter, limit is null) switch
        {
            (false, true) => OfStep, (false, false) => OfLimitedStep, (true, true) => AfterHappening, (true, false) => AfterHappeningIfLimited,
        };
        var stopwatch = Stopwatch.StartNew();
        var cell = _neverConnected is null
            ? await TryAsync(scenario, steps, deadline, happening)
            : new Cell(Outcome.Fail, 0, _neverConnected);
        if (cell.Outcome == Outcome.Fail && scenario.Name == Scenario.Connect)
        {
            _neverConnected = cell.Reason;
        }

        var hasHeld = cell.Outcome != Outcome.Fail;
        if (limit is not null && (!hasHeld || (limit.Sometimes && (isAfter || happening == Happening.None))))
        {
            cell = new Cell(Outcome.Limit, 0, limit.Reason);
        }

        _cells[scenario.Name] = cell with { Milliseconds = (int)stopwatch.ElapsedMilliseconds };
        return hasHeld;
    }

    private async Task<Cell> TryAsync(Scenario scenario, Step[] steps, TimeSpan deadline, Happening happening)
    {
        var step = "";
        try
        {
            if (scenario.Happening is null && scenario.Name != Scenario.Connect)
            {
                await EnsureAsync(Client, deadline);
                await EnsureAsync("other", deadline);
            }

            var player = new StepPlayer(new Values(_unique, Find, happening.Group), Find, StartAsync, deadline, happening);
            foreach (var each in steps)
            {
                step = each.ToString();
                await player.PlayAsync(each);
            }

            return scenario.Limit is null ? new Cell(Outcome.Pass, 0) : new Cell(Outcome.Limit, 0, scenario.Limit);
        }
        catch (UnsupportedException exception)
        {
            return new Cell(Outcome.Limit, 0, exception.Message);
        }
        catch (Exception exception) when (exception is ClientException or ExpectationException or TimeoutException or InvalidOperationException or IOException or HttpRequestException)
        {
            return new Cell(Outcome.Fail, 0, $"{step}: {exception.Message}");
        }
    }

    private Member Find(string who) => _members.TryGetValue(who, out var member) ? member : throw new ExpectationException($"There is no member \"{who}\".");

    private async Task StartAsync(string who, TokenKind token, bool reconnect, TimeSpan deadline)
    {
        if (_members.Remove(who, out var former))
        {
            await forget(former, false);
        }

        var member = await add(Run, $"{who}-{Guid.NewGuid():N}");
        _members[who] = member;
        await member.MakeAsync(
            stage.AddressOf(Run.Server, Run.Client.Family.Generation, Run.Way, member.User, token), reconnect, deadline);
        await member.StartAsync(deadline);
    }

    private async Task EnsureAsync(string who, TimeSpan deadline)
    {
        if (!_members.TryGetValue(who, out var member) || !member.IsStarted)
        {
            await StartAsync(who, TokenKind.Good, reconnect: true, deadline);
        }
    }
}
