using System.Text.Json;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Does the steps of a scenario.</summary>
/// <param name="values">What texts stand for.</param>
/// <param name="find">Finds a member.</param>
/// <param name="start">Makes a member anew and connects it: who, with which kind of token, whether it may reconnect.</param>
/// <param name="deadline">Of each step.</param>
/// <param name="happening">What has happened.</param>
internal sealed class StepPlayer(
    Values values, Func<string, Member> find, Func<string, TokenKind, bool, TimeSpan, Task> start, TimeSpan deadline, Happening happening)
{
    private const int LongestQuote = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Members = ["client", "other"];

    public Task PlayAsync(Step step) => step.Do switch
    {
        "start" when step.Fails is not null => FailsAsync(step, StartAsync(step)),
        "start" => StartAsync(step),
        "restart" => FailsAsync(step, find(step.Who).ActAsync("start", deadline, [])),
        "revives" => ReviveAsync(step.Who),
        "stop" => find(step.Who).StopAsync(deadline),
        "invoke" or "progress" or "stream" or "upload" => CallAsync(step),
        "keep" => find(step.Who).ActAsync("keep", deadline, new() { ["name"] = step.Name, ["value"] = step.Value }),
        "state" => StateAsync(step),
        "sees" => find(step.Who).Messages.SeesAsync(values.Text(step.Kind!), step.Payload is null ? null : values.Text(step.Payload), deadline),
        "seen" => SeenAsync(step.Who, values.Text(step.Kind!), [.. step.Payloads!.Select(values.Text)]),
        "settle" => SettleAsync(),
        "numbers" => SeenAsync(step.Who, $"number in {happening.Group}", [.. Enumerable.Range(0, happening.Numbers).Select(number => $"{number}")]),
        _ => throw new InvalidDataException($"\"{step.Do}\" is no step."),
    };

    private Task StartAsync(Step step) => start(step.Who, step.Token, step.Reconnect, deadline);

    /// <summary>Calls until a call succeeds: not every client notices, or tells, that it was away.</summary>
    private Task ReviveAsync(string who)
    {
        var reason = "";
        return Polling.UntilAsync("a call after it was away", SucceedsAsync, () => reason, deadline, Pause);

        async Task<bool> SucceedsAsync()
        {
            try
            {
                await find(who).CallAsync("invoke", "Add", [1, 2], deadline);
                return true;
            }
            catch (ClientException exception)
            {
                reason = exception.Message;
                return false;
            }
        }
    }

    private async Task CallAsync(Step step)
    {
        var call = find(step.Who).CallAsync(step.Do, step.Method!, [.. (step.Args ?? []).Select(values.Value)], deadline);
        if (step.Fails is not null)
        {
            await FailsAsync(step, call);
            return;
        }

        var result = await call;
        if (step.Contains is not null && !result.ToString().Contains(step.Contains, StringComparison.Ordinal))
        {
            throw new ExpectationException($"expected \"{step.Contains}\" in {Quote(result.ToString())}");
        }

        if (step.GivesNothing ? result.ValueKind != JsonValueKind.Null : step.Gives is { } gives && !JsonElement.DeepEquals(result, JsonSerializer.SerializeToElement(values.Value(gives))))
        {
            throw new ExpectationException($"expected {Quote(step.Gives?.ToString() ?? "nothing")}, got {Quote(result.GetRawText())}");
        }
    }

    private async Task FailsAsync(Step step, Task call)
    {
        try
        {
            await call;
        }
        catch (ClientException exception)
        {
            if (!exception.Message.Contains(step.Fails!, StringComparison.Ordinal))
            {
                throw new ExpectationException($"expected \"{step.Fails}\" in the error, got {Quote(exception.Message)}");
            }

            if (step.Hides is not null && exception.Message.Contains(step.Hides, StringComparison.Ordinal))
            {
                throw new ExpectationException($"expected no \"{step.Hides}\" in the error, got {Quote(exception.Message)}");
            }

            return;
        }

        throw new ExpectationException("expected an error, got none");
    }

    private async Task StateAsync(Step step)
    {
        var state = await find(step.Who).ActAsync("state", deadline, []);
        if (!state.TryGetProperty(step.Name!, out var value) || !JsonElement.DeepEquals(value, step.Gives!.Value))
        {
            throw new ExpectationException($"expected {step.Name} to be {step.Gives}, got {Quote(state.GetRawText())}");
        }
    }

    private async Task SeenAsync(string who, string kind, string[] wanted)
    {
        var messages = find(who).Messages;
        if (wanted.Length > 0)
        {
            try
            {
                await messages.CountAsync(kind, wanted.Length, deadline);
            }
            catch (TimeoutException)
            {
                // What has come until now is not what is wanted, and said below.
            }
        }

        var seen = messages.Texts(kind);
        if (!seen.SequenceEqual(wanted))
        {
            throw new ExpectationException($"expected {wanted.Length} messages, {Quote(string.Join(", ", wanted))}, got {seen.Length}, {Quote(string.Join(", ", seen))}");
        }
    }

    /// <summary>Whatever was sent to the members before has come when this has. It is sent to nobody else: there are many runs at the same time.</summary>
    private async Task SettleAsync()
    {
        var kind = $"settled {Guid.NewGuid():N}";
        foreach (var who in Members)
        {
            await find(Members[0]).CallAsync("invoke", "ToClient", [find(who).Id, kind, ""], deadline);
        }

        foreach (var who in Members)
        {
            await find(who).Messages.CountAsync(kind, 1, deadline);
        }
    }

    private static string Quote(string text) => text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}… ({text.Length} characters)";
}
