using System.Text.Json;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;

namespace Tandem.Matrix.Tests;

/// <summary>That a step which does not hold fails: with a driver that gives answers written down here.</summary>
public sealed class StepPlayerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(200);

    private readonly Member _client;
    private readonly Happening _happening = new("cut", "the group") { Numbers = 3 };
    private readonly StepPlayer _player;
    private string _answer = """{ "value": null }""";

    public StepPlayerTests()
    {
        _client = new Member((_, _, _) => Task.FromResult(Example.Json(_answer)), "1", Example.Run, "Ann");
        _player = new StepPlayer(new Values("run", _ => _client, _happening.Group), _ => _client, (_, _, _, _) => _client.StartAsync(Deadline), Deadline, _happening);
    }

    [Theory]
    [InlineData("""{ "value": 3 }""", true)]
    [InlineData("""{ "value": 4 }""", false)]
    [InlineData("""{ "value": "3" }""", false)]
    [InlineData("""{ "value": null }""", false)]
    public Task Invoke_Holds_only_with_its_result(string answer, bool holds) => CheckAsync(Invoke() with { Gives = Example.Json("3") }, answer, holds);

    [Theory]
    [InlineData("""{ "value": null }""", true)]
    [InlineData("""{ "value": 0 }""", false)]
    public Task Invoke_That_gives_nothing_Holds_only_without_a_result(string answer, bool holds) => CheckAsync(Invoke() with { GivesNothing = true }, answer, holds);

    [Theory]
    [InlineData("""{ "value": "an answer: Yes" }""", true)]
    [InlineData("""{ "value": "No" }""", false)]
    public Task Invoke_With_contains_Holds_only_if_it_does(string answer, bool holds) => CheckAsync(Invoke() with { Contains = "answer:" }, answer, holds);

    [Theory]
    [InlineData("""{ "error": "Method Throw failed" }""", true)]
    [InlineData("""{ "error": "something else" }""", false)]
    [InlineData("""{ "error": "Method Throw failed: secret" }""", false)]
    [InlineData("""{ "value": null }""", false)]
    public Task Invoke_That_must_fail_Holds_only_with_its_error(string answer, bool holds) => CheckAsync(Invoke() with { Fails = "Throw", Hides = "secret" }, answer, holds);

    [Theory]
    [InlineData("""{ "error": "refused" }""", true)]
    [InlineData("""{ "value": "id" }""", false)]
    public Task Start_That_must_fail_Holds_only_if_it_does(string answer, bool holds) => CheckAsync(new Step("start", Fails: ""), answer, holds);

    [Theory]
    [InlineData(new[] { "a", "b" }, true)]
    [InlineData(new[] { "b", "a" }, false)]
    [InlineData(new[] { "a" }, false)]
    [InlineData(new[] { "a", "b", "b" }, false)]
    public Task Seen_Holds_only_with_these_in_this_order(string[] messages, bool holds)
    {
        Tell("greeting", messages);
        return CheckAsync(new Step("seen", Kind: "greeting", Payloads: ["a", "b"]), _answer, holds);
    }

    [Theory]
    [InlineData(new[] { "0", "1", "2" }, true)]
    [InlineData(new[] { "0", "2", "1" }, false)]
    [InlineData(new[] { "0", "1", "1" }, false)]
    [InlineData(new[] { "0", "1" }, false)]
    public Task Numbers_Hold_only_with_each_once_and_in_order(string[] messages, bool holds)
    {
        Tell("number in the group", messages);
        return CheckAsync(new Step("numbers"), _answer, holds);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("b", false)]
    public Task Sees_Holds_only_with_what_came(string message, bool holds)
    {
        Tell("left", [message]);
        return CheckAsync(new Step("sees", Kind: "left", Payload: "a"), _answer, holds);
    }

    [Theory]
    [InlineData("""{ "value": { "count": 42 } }""", true)]
    [InlineData("""{ "value": { "count": 41 } }""", false)]
    [InlineData("""{ "value": {} }""", false)]
    public Task State_Holds_only_with_its_value(string answer, bool holds) => CheckAsync(new Step("state", Name: "count", Gives: Example.Json("42")), answer, holds);

    [Theory]
    [InlineData("""{ "value": 3 }""", true)]
    [InlineData("""{ "error": "not connected" }""", false)]
    public Task Revives_Holds_only_when_a_call_succeeds(string answer, bool holds) => CheckAsync(new Step("revives"), answer, holds);

    [Fact]
    public async Task Play_What_the_library_cannot_do_Is_unsupported()
    {
        _answer = """{ "unsupported": "it knows no state" }""";

        Assert.Equal("it knows no state", (await Assert.ThrowsAsync<UnsupportedException>(() => _player.PlayAsync(Invoke()))).Message);
    }

    [Fact]
    public Task Play_A_step_that_there_is_not_Is_an_error() => Assert.ThrowsAsync<InvalidDataException>(() => _player.PlayAsync(new Step("dance")));

    private static Step Invoke() => new("invoke", Method: "Any");

    private void Tell(string kind, string[] messages)
    {
        foreach (var message in messages)
        {
            _client.Messages.Add(kind, JsonSerializer.SerializeToElement(message));
        }
    }

    private async Task CheckAsync(Step step, string answer, bool holds)
    {
        _answer = answer;
        var exception = await Record.ExceptionAsync(() => _player.PlayAsync(step));
        if (holds)
        {
            Assert.Null(exception);
        }
        else
        {
            // These, and nothing else, make a cell fail.
            Assert.True(exception is ExpectationException or ClientException or TimeoutException, $"{exception}");
        }
    }
}
