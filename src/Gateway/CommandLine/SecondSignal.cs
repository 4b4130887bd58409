using System.Runtime.InteropServices;

namespace Tandem.Gateway.CommandLine;

/// <summary>The first Ctrl+C or SIGTERM drains the node (the host sees to that); the second ends the process at once.</summary>
internal sealed class SecondSignal : IDisposable
{
    private const int ExitCode = 130;

    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public SecondSignal()
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Count), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Count)];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Count(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(ExitCode);
        }
    }
}
