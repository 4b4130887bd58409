namespace Tandem.Routing.Servers;

/// <summary>The server connections of a hub.</summary>
public sealed class ServerConnectionPool
{
    private readonly Lock _lock = new();
    private IServerConnection[] _connections = [];

    /// <summary>The connections now. The array is shared: never change it.</summary>
    public ReadOnlySpan<IServerConnection> Snapshot() => Volatile.Read(ref _connections);

    /// <summary>Adds a connection.</summary>
    public void Add(IServerConnection connection)
    {
        lock (_lock)
        {
            Volatile.Write(ref _connections, [.. _connections, connection]);
        }
    }

    /// <summary>Removes a connection, if it is there.</summary>
    public void Remove(IServerConnection connection)
    {
        lock (_lock)
        {
            Volatile.Write(ref _connections, [.. _connections.Where(candidate => !ReferenceEquals(candidate, connection))]);
        }
    }
}
