namespace Tandem.Benchmarks;

/// <summary>Counts frames down on many threads, and lets one wait for the last.</summary>
internal sealed class Arrivals : IDisposable
{
    private readonly ManualResetEventSlim _all = new();
    private int _missing;

    public void Expect(int frames)
    {
        _all.Reset();
        Volatile.Write(ref _missing, frames);
    }

    public void Arrived(int frames)
    {
        if (Interlocked.Add(ref _missing, -frames) == 0)
        {
            _all.Set();
        }
    }

    public void Wait()
    {
        if (!_all.Wait(TimeSpan.FromSeconds(30)))
        {
            throw new TimeoutException($"{Volatile.Read(ref _missing)} frames did not arrive.");
        }
    }

    public void Dispose() => _all.Dispose();
}
