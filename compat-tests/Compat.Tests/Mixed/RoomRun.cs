using System.Diagnostics;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>One room with a member of every client on every transport. Every scenario is done by all of them, side by side.</summary>
/// <param name="configuration">What serves it.</param>
/// <param name="driver">Of the members in JavaScript.</param>
/// <param name="addressOf">Where a client of a user finds the room.</param>
/// <param name="clients">Who comes.</param>
internal sealed class RoomRun(
    string configuration, RoomDriver driver, Func<string, string, RoomAddress> addressOf, IReadOnlyList<(string Client, string Transport)> clients)
{
    private readonly Dictionary<(string Client, string Transport, string Scenario), string> _errors = [];
    private readonly Dictionary<(string Client, string Transport), string> _absent = [];
    private string? _crash;

    public async Task RunAsync()
    {
        List<RoomMember> members = [.. clients.Select(each => NewMember(each.Client, each.Transport))];
        try
        {
            await TimeAsync("coming", () => Task.WhenAll(members.Select(StartAsync)));
            members.RemoveAll(member => _absent.ContainsKey((member.Client, member.Transport)));
            var room = new Room(members);
            foreach (var (name, scenario) in RoomScenarios.All)
            {
                await TimeAsync(name, () => Task.WhenAll(members.Select(member => NoteAsync(member, name, () => scenario(room, member)))));
            }

            await TimeAsync(RoomScenarios.Leaving, () => LeaveAsync(members));
            foreach (var (member, scenario, error) in room.Violations())
            {
                Note(member, scenario, error);
            }
        }
        catch (Exception exception)
        {
            _crash = exception.ToString();
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    public void AssertHeld(string client, string transport, string scenario)
    {
        if (_absent.TryGetValue((client, transport), out var absent))
        {
            Assert.Fail($"It could not come: {absent}");
        }

        Assert.True(_errors.TryGetValue((client, transport, scenario), out var error), $"It did not come to this scenario: {_crash}");
        Assert.True(error.Length == 0, error);
    }

    private async Task LeaveAsync(List<RoomMember> members)
    {
        // Of each generation one who sees the last one off.
        RoomMember[] witnesses = [.. new RoomMember[] { new ClassicDotNetMember(Combinations.WebSockets, "witness"), new DotNetMember(Combinations.WebSockets, "witness") }
            .Where(witness => clients.Any(each => RoomClients.IsClassic(each.Client) == witness.IsClassic))];
        try
        {
            foreach (var witness in witnesses)
            {
                await witness.StartAsync(addressOf(witness.Client, witness.User));
            }

            for (var i = 0; i < members.Count; i++)
            {
                var (leaving, staying) = (members[i], members.Skip(i + 1).Concat(witnesses).ToArray());
                await NoteAsync(leaving, RoomScenarios.Leaving, async () =>
                {
                    await leaving.StopAsync();
                    await Task.WhenAll(staying.Select(member => member.Messages.SeesAsync("left", leaving.Id).Within($"the news for {member.Name}", Deadlines.Process)));
                });
            }

            for (var i = 0; i < members.Count; i++)
            {
                var leaving = members[i];
                foreach (var member in members.Skip(i + 1).Concat(witnesses).Where(member => member.Messages.Count("left", leaving.Id) > 1))
                {
                    Note(leaving, RoomScenarios.Leaving, $"{member.Name} was told {member.Messages.Count("left", leaving.Id)} times");
                }
            }
        }
        finally
        {
            foreach (var witness in witnesses)
            {
                await witness.DisposeAsync();
            }
        }
    }

    /// <summary>Tells, for whoever wonders where the time goes.</summary>
    private async Task TimeAsync(string what, Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        await File.AppendAllTextAsync(
            Path.Combine(Repository.Artifacts, "rooms.txt"), $"{configuration} {what}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms\n");
    }

    private RoomMember NewMember(string client, string transport)
    {
        var user = $"{client}-{transport}";
        return client switch
        {
            RoomClients.DotNet => new DotNetMember(transport, user),
            RoomClients.ClassicDotNet => new ClassicDotNetMember(transport, user),
            _ => new JavaScriptMember(driver, client, transport, user),
        };
    }

    private async Task StartAsync(RoomMember member)
    {
        try
        {
            await member.StartAsync(addressOf(member.Client, member.User));
        }
        catch (Exception exception)
        {
            lock (_errors)
            {
                _absent[(member.Client, member.Transport)] = exception.ToString();
            }
        }
    }

    private async Task NoteAsync(RoomMember member, string scenario, Func<Task> run)
    {
        try
        {
            await run();
            Note(member, scenario, "");
        }
        catch (Exception exception)
        {
            Note(member, scenario, exception.ToString());
        }
    }

    private void Note(RoomMember member, string scenario, string error)
    {
        lock (_errors)
        {
            var key = (member.Client, member.Transport, scenario);
            _errors[key] = _errors.TryGetValue(key, out var earlier) && earlier.Length > 0 ? $"{earlier}\n{error}" : error;
        }
    }
}
