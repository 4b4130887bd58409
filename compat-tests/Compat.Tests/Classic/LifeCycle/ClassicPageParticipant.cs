using System.Text.Json;
using Tandem.Compat.Tests.Classic.JavaScript;
using Tandem.Compat.Tests.JavaScript;
using Tandem.Compat.Tests.LifeCycle;
using Tandem.Compat.Tests.Processes;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Pages in Chromium, one for each transport.</summary>
internal sealed class ClassicPageParticipant : IClassicParticipant
{
    public const string Client = "browser";

    private readonly ChildProcess _driver;

    private ClassicPageParticipant(ChildProcess driver) => _driver = driver;

    public string Name => Client;

    public static async Task<ClassicPageParticipant> StartAsync(LegacyAppProcess app, GatewayProcess gateway, string gatewayUrl)
    {
        var runs = Combinations.Transports.Select(transport => $"3.7:{ClassicRoutes.Redirect}:{transport}:app");
        var driver = ClassicDriver.Start("classic-life-cycle", app, ClassicRuns.Mono, gateway, gatewayUrl, runs, "--life-cycle");
        await driver.Log.WaitForAsync(line => line == """{"ready":true}""").Within("the driver", Deadlines.Process);
        return new ClassicPageParticipant(driver);
    }

    public Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, ClassicStepDetails details) => StepAsync(scenario, "prepare", details);

    public Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, ClassicStepDetails details) => StepAsync(scenario, "verify", details);

    public async ValueTask DisposeAsync() => await _driver.DisposeAsync();

    private async Task<IReadOnlyList<StepResult>> StepAsync(string scenario, string step, ClassicStepDetails details)
    {
        await _driver.WriteLineAsync(JsonSerializer.Serialize(
            new { scenario, step, details.Group, details.Count, details.Token }, JavaScriptDriver.Json));
        var answer = await _driver.Log.WaitForAsync(line => line.StartsWith($$"""{"step":"{{step}}","scenario":"{{scenario}}",""", StringComparison.Ordinal))
            .Within($"{step} of {scenario}", Deadlines.Process);
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("results").Deserialize<StepResult[]>(JavaScriptDriver.Json)!;
    }
}
