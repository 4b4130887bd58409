using System.Text.Json;
using Tandem.Compat.Tests.Classic.JavaScript;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Pages in Chromium, one for each route and transport.</summary>
internal sealed class ClassicPageParticipant : IClassicParticipant
{
    public const string Client = "browser";

    private readonly ChildProcess _driver;

    private ClassicPageParticipant(ChildProcess driver, string runtime)
    {
        _driver = driver;
        Runtime = runtime;
    }

    public string Name => Client;

    public string Runtime { get; }

    public static async Task<ClassicPageParticipant> StartAsync(LegacyAppProcess app, string runtime, GatewayProcess gateway, string gatewayUrl)
    {
        var runs = ClassicLifeCycleRows.RoutesOf(Client, runtime)
            .SelectMany(route => Combinations.Transports.Select(transport => $"3.7:{route}:{transport}:app"));
        var driver = ClassicDriver.Start($"classic-life-cycle-{runtime}", app, runtime, gateway, gatewayUrl, runs, "--life-cycle");
        await driver.Log.WaitForAsync(line => line == """{"ready":true}""").Within("the driver", Deadlines.Process);
        return new ClassicPageParticipant(driver, runtime);
    }

    public Task<IReadOnlyList<ClassicStepResult>> PrepareAsync(string scenario, ClassicStepDetails details) => StepAsync(scenario, "prepare", details);

    public Task<IReadOnlyList<ClassicStepResult>> VerifyAsync(string scenario, ClassicStepDetails details) => StepAsync(scenario, "verify", details);

    public async ValueTask DisposeAsync() => await _driver.DisposeAsync();

    private async Task<IReadOnlyList<ClassicStepResult>> StepAsync(string scenario, string step, ClassicStepDetails details)
    {
        await _driver.WriteLineAsync(JsonSerializer.Serialize(
            new { scenario, step, details.Group, details.Count, details.Token }, JavaScriptDriver.Json));
        var answer = await _driver.Log.WaitForAsync(line => line.StartsWith($$"""{"step":"{{step}}","scenario":"{{scenario}}",""", StringComparison.Ordinal))
            .Within($"{step} of {scenario}", Deadlines.Process);
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("results").Deserialize<ClassicStepResult[]>(JavaScriptDriver.Json)!;
    }
}
