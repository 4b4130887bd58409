using System.Globalization;
using System.Text;
using Tandem.Gateway.CommandLine;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.Tests.Configuration;

public sealed class ConfigurationPageTests
{
    private const string Update = "TANDEM_UPDATE_DOCS";

    /// <summary>Run once with the environment variable <c>TANDEM_UPDATE_DOCS=1</c> to write the page anew.</summary>
    [Fact]
    public async Task The_configuration_page_lists_the_settings_as_they_are()
    {
        var file = Path.Combine(RepositoryRoot(), "docs", "configuration.md");
        var expected = CreatePage();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(file, expected);
        }

        Assert.True(File.Exists(file), $"{file} is missing; run this test with {Update}=1.");
        Assert.True(await File.ReadAllTextAsync(file) == expected, $"docs/configuration.md is out of date; run this test with {Update}=1.");
    }

    private static string CreatePage()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Configuration

            <!-- Generated from the option classes by ConfigurationPageTests; do not edit. -->

            Settings come from these places; a later one wins:

            1. `appsettings.json` in the current directory: `{ "Tandem": { "AccessKeys": [ "KEY" ] } }`
            2. environment variables, with two underscores for each colon: `Tandem__AccessKeys__0=KEY`
            3. flags: `--Tandem:AccessKeys:0 KEY` or `--Tandem:AccessKeys:0=KEY`

            A name below `Tandem` that is not on this page, and a value that makes no sense, keep the gateway from starting; it lists all such
            errors at once. `Tandem:AccessKeys` is the only setting without a default that works. It and the settings of `Tandem:Mixing` are read
            again when `appsettings.json` changes; all others are read once. `tandem --help` shows this page's content for the version at hand.

            ## The host

            | Setting | Meaning |
            |---|---|

            """);
        foreach (var (name, description) in HostSettings.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {description} |\n");
        }

        foreach (var section in SettingsCatalog.Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n| Setting | Default | Kind, range | Meaning |\n|---|---|---|---|\n");
            foreach (var setting in section.Settings)
            {
                var range = SettingText.Range(setting) is { } bounds ? $", {bounds}" : string.Empty;
                page.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {SettingText.Default(setting)} | {SettingText.Unit(setting)}{range} | {setting.Description} |\n");
            }
        }

        return page.ToString();
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        }

        return folder.FullName;
    }
}
