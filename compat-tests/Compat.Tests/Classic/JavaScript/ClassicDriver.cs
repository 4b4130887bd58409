using System.Text.Json;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>Starts <c>compat-tests/js/classic/driver.mjs</c>: one browser with a page for each run.</summary>
internal static class ClassicDriver
{
    public static ChildProcess Start(
        string name, LegacyAppProcess app, string application, GatewayProcess gateway, string connectsTo,
        IEnumerable<string> runs, params string[] more)
    {
        var tokens = new Dictionary<string, string>
        {
            ["ann"] = gateway.ClassicToken(application, "ann"),
            ["ben"] = gateway.ClassicToken(application, "ben"),
        };
        return JavaScriptDriver.Start(name, "classic/driver.mjs",
        [
            "--app", app.Url, "--connects-to", connectsTo, "--direct-path", ClassicStage.DirectPath(application),
            "--raw-path", ClassicStage.RawPath(application), "--tokens", JsonSerializer.Serialize(tokens),
            "--runs", string.Join(',', runs), .. more,
        ]);
    }
}
