using System;
using System.Threading;
using Tandem.OwinHost;

namespace LegacyChat
{
    /// <summary>Hosts the application on its own. Under IIS this file does not exist.</summary>
    public static class Program
    {
        public static void Main(string[] args)
        {
            var url = args.Length > 0 ? args[0] : "http://localhost:5051";
            using (var stopped = new ManualResetEvent(false))
            {
                StopSignals.Listen(stopped);
                using (OwinServer.Start(url, new Startup().Configuration))
                {
                    Console.WriteLine("Legacy chat listens at " + url);
                    stopped.WaitOne();
                }

                Console.WriteLine("Legacy chat has stopped");
            }
        }
    }
}
