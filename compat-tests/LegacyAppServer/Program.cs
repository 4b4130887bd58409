using Owin;
using Tandem.LegacyAppServer;
using Tandem.OwinHost;

// LegacyAppServer URL: serves until its standard input ends. The gateway is named by TANDEM_CONNECTION_STRING;
// with LEGACY_REAL=1 there is none, and the real SignalR serves the hubs.
var url = args.Length > 0 ? args[0] : "http://127.0.0.1:8100";
var isReal = Environment.GetEnvironmentVariable("LEGACY_REAL") is { Length: > 0 };
using (isReal ? StartReal(url, Startup.RealConfiguration) : OwinServer.Start(url, Startup.Configuration))
{
    Output.WriteLine("ready " + url);
    while (Console.In.ReadLine() is not null)
    {
    }
}

Output.WriteLine("stopped");

static IDisposable StartReal(string url, Action<IAppBuilder> startup) =>
#if NET
    KestrelServer.Start(url, startup);
#else
    OwinServer.Start(url, startup);
#endif
