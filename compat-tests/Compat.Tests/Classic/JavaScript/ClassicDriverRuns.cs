using System.Text.Json;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>One run of the driver for each application, shared by the rows of its scenarios.</summary>
public sealed class ClassicDriverRuns
{
    private readonly ClassicStage _stage;
    private readonly Dictionary<string, Lazy<Task<(ClassicPageResult[] Results, string? Crash)>>> _runs;

    public ClassicDriverRuns(ClassicStage stage)
    {
        _stage = stage;
        _runs = new[] { ClassicRuns.Mono, ClassicRuns.Net }
            .ToDictionary(runtime => runtime, runtime => new Lazy<Task<(ClassicPageResult[], string?)>>(() => RunAsync(runtime)));
    }

    /// <summary>What one page has reported.</summary>
    internal async Task<IReadOnlyDictionary<string, ClassicPageResult>> GetAsync(string runtime, string run)
    {
        var (results, crash) = await _runs[runtime].Value;

        // Nothing that a broken run says counts.
        Assert.True(crash is null, $"The driver did not run to its end: {crash}");
        return results.Where(result => result.Run == run).ToDictionary(result => result.Scenario);
    }

    private async Task<(ClassicPageResult[] Results, string? Crash)> RunAsync(string runtime)
    {
        var app = await _stage.AppAsync(runtime);
        var runs = ClassicPages.All.Where(each => each.Runtime == runtime).Select(each => each.Run);
        await using var driver = ClassicDriver.Start(
            $"classic-{runtime}", app, runtime, _stage.Gateway, _stage.Gateway.Url, runs);
        var crash = await JavaScriptDriver.WaitForEndAsync(driver);
        var results = driver.Log.Lines()
            .Where(line => line.StartsWith("""{"scenario":""", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<ClassicPageResult>(line, JavaScriptDriver.Json)!);
        return ([.. results], crash);
    }
}
