using System.Globalization;
using System.Text;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.CommandLine;

/// <summary>The text of <c>tandem --help</c>. The settings in it are read from the option classes, so it knows all of them.</summary>
internal static class HelpText
{
    private const int Width = 110;

    public static string Create()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            Tandem gateway {GatewayVersion.Text} for SignalR: clients connect to it, app servers stay behind it.

            Usage:
              tandem run [settings]    Runs the gateway; needs an access key.
              tandem dev [settings]    Runs it on this machine for development: makes a key and prints the connection string.
              tandem report clients    Asks a running gateway who still uses old clients; "tandem report clients --help" says how.
              tandem --help            Shows this text.
              tandem --version         Shows the version.

            Settings come from these places; a later one wins:
              appsettings.json in the current directory:  {ExampleJson}
              environment, two underscores for a colon:   Tandem__AccessKeys__0=KEY
              flags:                                      --Tandem:AccessKeys:0 KEY  or  --Tandem:AccessKeys:0=KEY

            The host

            """);
        foreach (var (name, description) in HostSettings.All)
        {
            Append(text, name, description);
        }

        foreach (var section in SettingsCatalog.Sections)
        {
            text.Append('\n').Append(section.Name).Append('\n');
            foreach (var setting in section.Settings)
            {
                var range = SettingText.Range(setting) is { } bounds ? $", {bounds}" : string.Empty;
                Append(text, setting.IsList ? setting.Name + ":0 …" : setting.Name, setting.Description, $"{SettingText.Unit(setting)}{range}; default: {SettingText.Default(setting)}");
            }
        }

        return text.Append("\nExit codes: 0 after an orderly end, 1 when the gateway cannot start, 130 when a second Ctrl+C cut it off.\n").ToString();
    }

    private const string ExampleJson = """{ "Tandem": { "AccessKeys": [ "KEY" ] } }""";

    private static void Append(StringBuilder text, string name, params ReadOnlySpan<string> paragraphs)
    {
        text.Append("  ").Append(name).Append('\n');
        foreach (var paragraph in paragraphs)
        {
            var column = 0;
            foreach (var word in paragraph.Split(' '))
            {
                if (column > 0 && column + 1 + word.Length > Width)
                {
                    text.Append('\n');
                    column = 0;
                }

                text.Append(column == 0 ? "      " : " ").Append(word);
                column += (column == 0 ? 6 : 1) + word.Length;
            }

            text.Append('\n');
        }
    }
}
