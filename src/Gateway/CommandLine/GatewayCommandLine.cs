namespace Tandem.Gateway.CommandLine;

internal static class GatewayCommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        await GatewayHost.Build(GatewayHost.CreateBuilder(args)).RunAsync();
        return 0;
    }
}
