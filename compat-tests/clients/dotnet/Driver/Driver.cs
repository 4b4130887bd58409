using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Tandem.Compat.Clients;

/// <summary>
/// Holds clients, here called members, and does with them what standard input says: a command a line, answered on standard output in
/// whatever order they complete. What members see is told between the answers. It ends with its standard input.
/// </summary>
internal sealed class Driver
{
    private readonly Func<MemberSettings, Action<string, object?>, IMember> _make;
    private readonly TextWriter _output;
    private readonly ConcurrentDictionary<string, IMember> _members = new();

    private Driver(Func<MemberSettings, Action<string, object?>, IMember> make, TextWriter output)
    {
        _make = make;
        _output = output;
    }

    /// <param name="make">Makes a member, which hands on what it sees: the kind of it, and the payload.</param>
    public static async Task RunAsync(Func<MemberSettings, Action<string, object?>, IMember> make)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var input = new StreamReader(Console.OpenStandardInput(), utf8);
        using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true, NewLine = "\n" });
        // Whatever else has something to say does not say it between the lines.
        Console.SetOut(Console.Error);
        var driver = new Driver(make, output);
        driver.Print(new { ready = true });
        while (await input.ReadLineAsync() is { } line)
        {
            // Not waited for: members act side by side, and calls of one are begun in the order of their lines.
            _ = driver.AnswerAsync(Command.Parse(line));
        }

        // Clients that are still connected may have threads that would go on.
        Environment.Exit(0);
    }

    private async Task AnswerAsync(Command command)
    {
        try
        {
            Print(new { call = command.Call, value = await RunAsync(command) });
        }
        catch (UnsupportedException exception)
        {
            Print(new { call = command.Call, unsupported = exception.Message });
        }
        catch (Exception exception)
        {
            // Whatever it is: the runner judges it, and the other members go on.
            Print(new { call = command.Call, error = exception.Message });
        }
    }

    private async Task<object?> RunAsync(Command command)
    {
        if (command.Act == "make")
        {
            Make(command);
            return null;
        }

        if (command.Act == "forget")
        {
            Forget(command.Member);
            return null;
        }

        var member = _members[command.Member];
        switch (command.Act)
        {
            case "start": return await member.StartAsync();
            case "invoke": return await member.InvokeAsync(command.Method, command.Values());
            case "progress": return await member.ProgressAsync(command.Method, command.Values());
            case "stream": return await member.StreamAsync(command.Method, command.Values());
            case "upload": return await member.UploadAsync(command.Method, command.Values());
            case "state": return member.State();
            case "keep":
                member.Keep(command.Name, command.Value);
                return null;
            case "stop":
                await member.StopAsync();
                return null;
            default: throw new UnsupportedException($"the driver knows no act {command.Act}");
        }
    }

    private void Make(Command command)
    {
        var name = command.Member;
        var member = _make(command.Settings!, (kind, payload) =>
        {
            if (_members.ContainsKey(name))
            {
                Print(new { member = name, kind, payload });
            }
        });
        if (!_members.TryAdd(name, member))
        {
            throw new InvalidOperationException($"There is a member {name} already.");
        }
    }

    private void Forget(string name)
    {
        if (_members.TryRemove(name, out var member))
        {
            _ = LetGoAsync(member);
        }
    }

    // Nobody waits for it and nobody wants to know: a library that cannot even be closed harms nobody but itself.
    private static async Task LetGoAsync(IMember member)
    {
        try
        {
            await member.ForgetAsync();
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"forget: {exception}");
        }
    }

    private void Print(object line) => _output.WriteLine(JsonSerializer.Serialize(line));
}
