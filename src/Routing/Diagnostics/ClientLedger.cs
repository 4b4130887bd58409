using Tandem.Routing.Connections;

namespace Tandem.Routing.Diagnostics;

/// <summary>
/// Counts the clients of each hub by library, version and transport: who still uses old clients. Kept in memory since the node started, and
/// bounded; what is one kind of client too many is counted under the library <c>other</c>.
/// </summary>
public sealed class ClientLedger(TimeProvider time)
{
    /// <summary>Kinds of clients that are told apart.</summary>
    public const int MaxRows = 1_000;

    /// <summary>Users that are remembered, over all kinds of clients.</summary>
    public const int MaxUsers = 200_000;

    private static readonly ClientLibrary Other = new("other", string.Empty, string.Empty);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Row> _rows = [];
    private int _users;

    /// <summary>When counting began.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>What was counted: the generation that is to go first, and its most frequent clients first.</summary>
    public IReadOnlyList<ClientUsage> Read()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            return
            [
                .. _rows
                    .Select(row => new ClientUsage(
                        row.Key.Hub,
                        row.Key.Family == ProtocolFamily.Classic ? "classic" : "core",
                        row.Key.Library,
                        row.Key.Transport,
                        row.Value.Connected,
                        row.Value.Connections,
                        row.Value.Users.Count,
                        row.Value.HasMoreUsers,
                        row.Value.Connected > 0 ? now : row.Value.LastSeen))
                    .OrderBy(static usage => usage.Generation, StringComparer.Ordinal)
                    .ThenByDescending(static usage => usage.Connected)
                    .ThenByDescending(static usage => usage.Connections)
                    .ThenBy(static usage => usage.Hub, StringComparer.Ordinal),
            ];
        }
    }

    internal void Connected(ClientConnection connection)
    {
        var user = connection.UserId is { } id ? (int?)StringComparer.Ordinal.GetHashCode(id) : null;
        lock (_lock)
        {
            foreach (var key in Keys(connection))
            {
                RowOf(key).Enter(user, ref _users);
            }
        }
    }

    internal void Disconnected(ClientConnection connection)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var key in Keys(connection))
            {
                RowOf(key).Leave(now);
            }
        }
    }

    /// <summary>A classic client counts in each hub it named.</summary>
    private static IEnumerable<Key> Keys(ClientConnection connection) =>
        connection.MemberHubs.Length == 0
            ? [new Key(connection.Hub.Key, connection.Encoder.Family, connection.Library, connection.Transport)]
            : connection.MemberHubs.Select(hub => new Key(hub.Key, connection.Encoder.Family, connection.Library, connection.Transport));

    private Row RowOf(Key key)
    {
        if (_rows.TryGetValue(key, out var row))
        {
            return row;
        }

        // Clients choose the names; hubs, families and transports are few.
        if (_rows.Count >= MaxRows)
        {
            key = key with { Library = Other };
            if (_rows.TryGetValue(key, out row))
            {
                return row;
            }
        }

        _rows.Add(key, row = new Row());
        return row;
    }

    private readonly record struct Key(string Hub, ProtocolFamily Family, ClientLibrary Library, string Transport);

    private sealed class Row
    {
        // Hashes: who the users are is nobody's business here. Two users in one is a matter of one in millions.
        public HashSet<int> Users { get; } = [];

        public bool HasMoreUsers { get; private set; }

        public int Connected { get; private set; }

        public long Connections { get; private set; }

        public DateTimeOffset LastSeen { get; private set; }

        public void Enter(int? user, ref int users)
        {
            Connected++;
            Connections++;
            if (user is not { } hash || Users.Contains(hash))
            {
                return;
            }

            if (users < MaxUsers)
            {
                Users.Add(hash);
                users++;
            }
            else
            {
                HasMoreUsers = true;
            }
        }

        public void Leave(DateTimeOffset now)
        {
            Connected--;
            LastSeen = now;
        }
    }
}
