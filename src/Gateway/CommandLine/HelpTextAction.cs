using System.CommandLine;
using System.CommandLine.Invocation;

namespace Tandem.Gateway.CommandLine;

/// <summary>Prints the whole help, for the root and each command.</summary>
internal sealed class HelpTextAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.Write(HelpText.Create());
        return 0;
    }
}
