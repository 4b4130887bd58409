namespace Tandem.Protocols.AspNet.Connections;

/// <summary>Counts what the replay buffers of the node hold. A message that several hold counts several times.</summary>
internal sealed class ReplayBudget(long maxBytes)
{
    private long _bytes;

    /// <summary>Bytes held now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether more is held than may be.</summary>
    public bool IsExceeded => Bytes > maxBytes;

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
