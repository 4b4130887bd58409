using System.CommandLine;
using System.CommandLine.Help;

namespace Tandem.Gateway.CommandLine;

/// <summary>The command line: <c>tandem run | dev | report clients | --help | --version</c>.</summary>
internal static class GatewayCommandLine
{
    /// <summary>Runs the command and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("A gateway for SignalR clients and app servers.")
        {
            Command("run", "Runs the gateway; needs an access key.", GatewayMode.Run),
            Command("dev", "Runs the gateway on this machine for development; makes a key and prints the connection string.", GatewayMode.Development),
            ClientReportCommand.Create(),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpTextAction();
        }

        // Settings are flags of any name, and may begin with anything: nothing of the usual shorthand applies to them.
        var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        // The host ends itself in order on Ctrl+C; the library would cut it off.
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static Command Command(string name, string description, GatewayMode mode)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => GatewayRunner.RunAsync(mode, parsed.UnmatchedTokens, Console.Out, Console.Error));
        return command;
    }
}
