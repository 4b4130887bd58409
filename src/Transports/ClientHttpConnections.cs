using System.Collections.Concurrent;

namespace Tandem.Transports;

/// <summary>The physical connections of an adapter by connection token: from negotiate until they are forgotten.</summary>
public sealed class ClientHttpConnections<TConnection>
    where TConnection : class
{
    private readonly ConcurrentDictionary<string, TConnection> _connections = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>All of them. May be walked while it changes.</summary>
    public IEnumerable<KeyValuePair<string, TConnection>> All => _connections;

    /// <summary>Adds a connection under its token. False when the token is taken.</summary>
    public bool TryAdd(string token, TConnection connection) => _connections.TryAdd(token, connection);

    /// <summary>The connection with this token.</summary>
    public bool TryGet(string token, out TConnection connection) => _connections.TryGetValue(token, out connection!);

    /// <summary>Forgets the connection with this token.</summary>
    public void Remove(string token) => _connections.TryRemove(token, out _);
}
