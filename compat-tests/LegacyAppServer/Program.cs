using Tandem.LegacyAppServer;
using Tandem.OwinHost;

// LegacyAppServer URL: serves until its standard input ends. The gateway is named by TANDEM_CONNECTION_STRING.
var url = args.Length > 0 ? args[0] : "http://127.0.0.1:8100";
using (OwinServer.Start(url, Startup.Configuration))
{
    Output.WriteLine("ready " + url);
    while (Console.In.ReadLine() is not null)
    {
    }
}

Output.WriteLine("stopped");
