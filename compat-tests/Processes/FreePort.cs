using System.Net;
using System.Net.Sockets;

namespace Tandem.Compat.Processes;

/// <summary>Ports for servers that stop and come back at the same place.</summary>
internal static class FreePort
{
    // Below what systems hand out by themselves (32768 on Linux): while a server is away, no outgoing connection may
    // happen to get its port, least of all a client's that tries to reach it, which would then be connected to itself.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly HashSet<int> Taken = [];

    public static int Next()
    {
        lock (Taken)
        {
            while (true)
            {
                var port = First + Random.Shared.Next(Count);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
