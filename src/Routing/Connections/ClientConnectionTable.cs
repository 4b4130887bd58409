using System.Collections.Concurrent;

namespace Tandem.Routing.Connections;

/// <summary>The client connections of this node by connection id.</summary>
internal sealed class ClientConnectionTable
{
    // No connection id of ours is longer; a longer name from the wire cannot be one.
    private const int MaxIdLength = 128;

    private readonly ConcurrentDictionary<string, ClientConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientConnection>.AlternateLookup<ReadOnlySpan<char>> _byChars;

    public ClientConnectionTable()
    {
        _byChars = _connections.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => _connections.Count;

    public bool TryAdd(ClientConnection connection) => _connections.TryAdd(connection.ConnectionId, connection);

    public void Remove(ClientConnection connection) =>
        _connections.TryRemove(new KeyValuePair<string, ClientConnection>(connection.ConnectionId, connection));

    public bool TryGet(string connectionId, out ClientConnection connection) =>
        _connections.TryGetValue(connectionId, out connection!);

    /// <summary>Looks an id up as it stands in a frame, without making a text of it. Ids are ASCII; anything else is unknown.</summary>
    public bool TryGet(ReadOnlySpan<byte> connectionId, out ClientConnection connection)
    {
        Span<char> chars = stackalloc char[MaxIdLength];
        if (connectionId.Length > MaxIdLength
            || System.Text.Ascii.ToUtf16(connectionId, chars, out var length) != System.Buffers.OperationStatus.Done)
        {
            connection = null!;
            return false;
        }

        return _byChars.TryGetValue(chars[..length], out connection!);
    }

    public ICollection<ClientConnection> All() => _connections.Values;
}
