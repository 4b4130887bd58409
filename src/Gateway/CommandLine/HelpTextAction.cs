using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Tandem.Gateway.CommandLine;

/// <summary>Prints the whole help, for the root and each command.</summary>
internal sealed class HelpTextAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command.Name is "report" or "clients")
        {
            // The settings of the gateway are none of these commands' options.
            return new HelpAction().Invoke(parseResult);
        }

        parseResult.InvocationConfiguration.Output.Write(HelpText.Create());
        return 0;
    }
}
