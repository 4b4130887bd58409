using System.Runtime.InteropServices;

namespace Tandem.Gateway.CommandLine;

/// <summary>The first Ctrl+C or SIGTERM drains the node (the host sees to that); the second ends the process at once.</summary>
internal sealed class SecondSignal : IDisposable
{
    private const int ExitCode = 130;

    // One wish to stop often comes twice at once: from the terminal or `timeout` to the whole process group, and from the program that
    // started us. Nobody presses Ctrl+C again this soon.
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    public SecondSignal(TimeProvider time)
    {
        _time = time;
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
        if (Interlocked.CompareExchange(ref _first, _time.GetTimestamp(), 0) is var first and not 0 && _time.GetElapsedTime(first) >= SameSignal)
        {
            Environment.Exit(ExitCode);
        }
    }
}
