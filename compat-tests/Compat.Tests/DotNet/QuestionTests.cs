using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>Client results: the hub asks one client and waits for its answer.</summary>
public sealed class QuestionTests(CompatStage compat)
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_answers_the_hub(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (asking, asked) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        asked.Connection.On<string, string>("Question", question => $"{question} Yes, ünd.");

        Assert.Equal("answer: Is it raining? Yes, ünd.", await AskAsync(asking, asked.ConnectionId, "Is it raining?"));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_answers_its_own_invocation(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync("parallel");
        client.Connection.On<string, string>("Question", question => Task.FromResult($"{question} Me."));

        Assert.Equal("answer: Who is there? Me.", await client.InvokeAsync<string>("AskMe", "Who is there?"));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_that_fails_to_answer_says_so(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (asking, asked) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        asked.Connection.On<string, string>("Question", string (_) => throw new InvalidOperationException("no idea"));

        Assert.StartsWith("error: ", await AskAsync(asking, asked.ConnectionId, "What is it?"), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_client_without_an_answer_says_so(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (asking, asked) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        asked.Connection.On<string>("Question", _ => { });

        var answer = await AskAsync(asking, asked.ConnectionId, "Anybody?");

        Assert.StartsWith("error: Client didn't provide a result", answer, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_question_to_nobody_is_an_error(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var asking = await stage.ConnectAsync();

        Assert.StartsWith("error: ", await AskAsync(asking, "nobody", "Anybody?"), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_question_ends_with_its_client(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var (asking, asked) = (await stage.ConnectAsync(), await stage.ConnectAsync());
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Connection.On<string, string>("Question", _ =>
        {
            heard.SetResult();
            return never.Task;
        });

        var answer = AskAsync(asking, asked.ConnectionId, "Are you leaving?");
        await heard.Task.Within("the question");
        var stop = asked.StopAsync();

        Assert.StartsWith("error: ", await answer, StringComparison.Ordinal);
        never.SetResult("too late");
        await stop;
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Invocations_of_one_client_run_side_by_side_where_allowed(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync("parallel");
        var what = DotNetStage.Unique("event");

        var waiting = client.InvokeAsync<string>("WaitFor", what);
        await client.InvokeAsync("Note", what);

        Assert.Equal("noted", await waiting);
    }

    private static Task<string> AskAsync(DotNetClient asking, string connectionId, string question) =>
        asking.InvokeAsync<string>("Ask", connectionId, question);
}
