using System;
using System.Reflection;
using System.Threading;

namespace LegacyChat
{
    /// <summary>Notices that somebody wants the program to end. Under IIS this file does not exist.</summary>
    public static class StopSignals
    {
        private const string Posix = "Mono.Posix, Version=4.0.0.0, Culture=neutral, PublicKeyToken=0738eb9f132ed756";

        /// <summary>Sets the event at Ctrl+C; on Mono at SIGTERM and SIGINT, with or without a terminal.</summary>
        public static void Listen(EventWaitHandle stopped)
        {
            if (Type.GetType("Mono.Runtime") == null)
            {
                Console.CancelKeyPress += (sender, e) =>
                {
                    e.Cancel = true;
                    stopped.Set();
                };
                return;
            }

            // By name: the assembly is a part of Mono, and there is none to compile against elsewhere. Mono itself ends at these signals without
            // a word to the program, and knows Ctrl+C only where there is a terminal.
            var posix = Assembly.Load(Posix);
            var signal = posix.GetType("Mono.Unix.UnixSignal", true);
            var number = posix.GetType("Mono.Unix.Native.Signum", true);
            foreach (var name in new[] { "SIGTERM", "SIGINT" })
            {
                var waiting = (WaitHandle)Activator.CreateInstance(signal, Enum.Parse(number, name));
                new Thread(() =>
                {
                    waiting.WaitOne();
                    stopped.Set();
                })
                { IsBackground = true }.Start();
            }
        }
    }
}
