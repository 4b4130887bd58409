namespace Tandem.Routing.Servers;

/// <summary>The server connections of a hub.</summary>
public sealed class ServerConnectionPool
{
    private readonly Lock _lock = new();
    private IServerConnection[] _connections = [];
    private TaskCompletionSource _arrival = NewArrival();

    /// <summary>The connections now. The array is shared: never change it.</summary>
    public ReadOnlySpan<IServerConnection> Snapshot() => Volatile.Read(ref _connections);

    /// <summary>Adds a connection and wakes the clients that wait for one.</summary>
    public void Add(IServerConnection connection)
    {
        lock (_lock)
        {
            Volatile.Write(ref _connections, [.. _connections, connection]);
        }

        Wake();
    }

    /// <summary>Removes a connection, if it is there.</summary>
    public void Remove(IServerConnection connection)
    {
        lock (_lock)
        {
            Volatile.Write(ref _connections, [.. _connections.Where(candidate => !ReferenceEquals(candidate, connection))]);
        }
    }

    /// <summary>Makes the clients that wait for a connection look again whether they should.</summary>
    internal void Wake()
    {
        TaskCompletionSource arrival;
        lock (_lock)
        {
            arrival = _arrival;
            _arrival = NewArrival();
        }

        arrival.SetResult();
    }

    /// <summary>Completes when the next connection is added, or on <see cref="Wake"/>. Ask for it before looking at <see cref="Snapshot"/>.</summary>
    internal Task NextArrival()
    {
        lock (_lock)
        {
            return _arrival.Task;
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
