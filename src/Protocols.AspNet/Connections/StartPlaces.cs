namespace Tandem.Protocols.AspNet.Connections;

/// <summary>Bounds the connections that have not started: anyone with a token can open those, and no limit of an app server applies.</summary>
internal sealed class StartPlaces(int max)
{
    private int _taken;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= max)
        {
            return true;
        }

        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _taken);
}
