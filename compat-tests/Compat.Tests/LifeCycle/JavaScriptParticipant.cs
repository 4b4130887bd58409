using System.Text.Json;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>The client in Node or in a browser, told line by line what to do.</summary>
internal sealed class JavaScriptParticipant : IParticipant
{
    private readonly ChildProcess _driver;

    private JavaScriptParticipant(string runtime, ChildProcess driver)
    {
        Name = runtime;
        _driver = driver;
    }

    public string Name { get; }

    public static async Task<JavaScriptParticipant> StartAsync(string runtime, string appUrl, string connectsTo)
    {
        string[] arguments = [.. JavaScriptDriver.Arguments(runtime, appUrl, connectsTo, Combinations.Json), "--life-cycle"];
        var driver = JavaScriptDriver.Start($"{runtime}-life-cycle", "driver.mjs", arguments);
        await driver.Log.WaitForAsync(line => line == """{"ready":true}""").Within($"the driver in {runtime}", Deadlines.Process);
        return new JavaScriptParticipant(runtime, driver);
    }

    public Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, StepDetails details) => StepAsync("prepare", scenario, details);

    public Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, StepDetails details) => StepAsync("verify", scenario, details);

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    private async Task<IReadOnlyList<StepResult>> StepAsync(string step, string scenario, StepDetails details)
    {
        await _driver.WriteLineAsync(JsonSerializer.Serialize(new { step, scenario, details.Waiting, details.Refused }, JavaScriptDriver.Json));
        var prefix = $$"""{"step":"{{step}}","scenario":"{{scenario}}",""";
        var answer = await _driver.Log.WaitForAsync(line => line.StartsWith(prefix, StringComparison.Ordinal))
            .Within($"{step} of {scenario} in {Name}", Deadlines.Process);
        return JsonDocument.Parse(answer).RootElement.GetProperty("results").Deserialize<StepResult[]>(JavaScriptDriver.Json)!;
    }
}
