namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>
/// Counts connections that have negotiated or opened a transport and have not shaken hands: those the router's own limit does not see.
/// </summary>
internal sealed class HandshakePlaces(int limit)
{
    private int _taken;

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);
}
