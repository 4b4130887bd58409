using System.Text.Json;

namespace Tandem.Compat.Tests.JavaScript;

/// <summary>Starts <c>compat-tests/js/driver.mjs</c> and reads its lines.</summary>
internal static class JavaScriptDriver
{
    private static readonly string Chromium =
        Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    public static ChildProcess Start(string name, string script, params IEnumerable<string> arguments) => Start(name, script, null, arguments);

    /// <param name="name">Of its log.</param>
    /// <param name="script">What to run.</param>
    /// <param name="take">Is asked for each line it prints; those that it takes are not kept.</param>
    /// <param name="arguments">Of the script.</param>
    public static ChildProcess Start(string name, string script, Predicate<string>? take, params IEnumerable<string> arguments)
    {
        if (!Directory.Exists(Path.Combine(Repository.JavaScript, "node_modules")))
        {
            throw new DirectoryNotFoundException("The Node packages are missing: run 'npm ci' in compat-tests/js first (./test.sh does it).");
        }

        return ChildProcess.Start(name, "node", [Path.Combine(Repository.JavaScript, script), "--chromium", Chromium, .. arguments], take: take);
    }

    /// <summary>Arguments that every driver takes.</summary>
    public static string[] Arguments(string runtime, string appUrl, string connectsTo, string protocol) =>
    [
        "--runtime", runtime, "--app", appUrl, "--connects-to", connectsTo, "--protocol", protocol,
        .. CompatStage.ThroughGateway ? ["--gateway"] : Array.Empty<string>(),
    ];

    /// <summary>Runs all scenarios once. The results are those it printed, however it ended.</summary>
    public static async Task<DriverRun> RunAsync(string runtime, string appUrl, string connectsTo, string transport, string protocol)
    {
        await using var driver = Start(
            $"{runtime}-{transport}-{protocol}", "driver.mjs", [.. Arguments(runtime, appUrl, connectsTo, protocol), "--transport", transport]);
        var crash = await WaitForEndAsync(driver);
        return Read(driver, crash);
    }

    /// <summary>The results a driver has printed so far.</summary>
    public static DriverRun Read(ChildProcess driver, string? crash)
    {
        var results = driver.Log.Lines()
            .Where(line => line.StartsWith("""{"scenario":""", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<ScenarioResult>(line, Json)!)
            .ToDictionary(result => result.Scenario);
        return new DriverRun(results, crash);
    }

    /// <summary>Waits until the driver has run to its end; what kept it from that, or null.</summary>
    public static async Task<string?> WaitForEndAsync(ChildProcess driver)
    {
        try
        {
            await driver.Log.WaitForAsync(line => line == """{"ended":true}""").Within("the end of the driver", Deadlines.Driver);
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            return exception.Message;
        }
    }
}
