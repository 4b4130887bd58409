namespace Tandem.Gateway.CommandLine;

/// <summary>Reads settings given as flags. Stricter than the framework, which passes over what it does not understand.</summary>
internal static class FlagParser
{
    private const string Prefix = "--";

    /// <summary>Returns the settings as <c>--name=value</c>.</summary>
    /// <param name="arguments">Arguments behind the command.</param>
    /// <param name="errors">Gets a line for everything that makes no sense.</param>
    public static string[] Parse(IReadOnlyList<string> arguments, List<string> errors)
    {
        var flags = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith(Prefix, StringComparison.Ordinal) || argument.Length == Prefix.Length)
            {
                errors.Add($"\"{argument}\" is no setting; settings look like --urls {GatewayHost.DefaultUrl}.");
                continue;
            }

            var equals = argument.IndexOf('=');
            var name = argument[Prefix.Length..(equals < 0 ? argument.Length : equals)];
            string? value = null;
            if (equals >= 0)
            {
                value = argument[(equals + 1)..];
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith(Prefix, StringComparison.Ordinal))
            {
                value = arguments[++i];
            }

            if (!HostSettings.Knows(name))
            {
                errors.Add($"--{name} is not a setting; see tandem --help.");
            }
            else if (value is null)
            {
                errors.Add($"--{name} has no value. Write --{name}=VALUE when the value begins with two dashes.");
            }
            else
            {
                flags.Add($"--{name}={value}");
            }
        }

        return [.. flags];
    }
}
