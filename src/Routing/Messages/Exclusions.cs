using Tandem.Routing.Connections;

namespace Tandem.Routing.Messages;

/// <summary>Who of the members does not get a message. Short lists are searched, long ones become sets.</summary>
internal readonly struct Exclusions
{
    private const int SearchedLength = 8;

    private readonly IReadOnlyList<string>? _connections;
    private readonly IReadOnlyList<string>? _users;
    private readonly HashSet<string>? _connectionSet;
    private readonly HashSet<string>? _userSet;

    public Exclusions(IReadOnlyList<string> connectionIds, IReadOnlyList<string> userIds)
    {
        _connections = connectionIds;
        _users = userIds;
        _connectionSet = connectionIds.Count > SearchedLength ? new HashSet<string>(connectionIds, StringComparer.Ordinal) : null;
        _userSet = userIds.Count > SearchedLength ? new HashSet<string>(userIds, StringComparer.Ordinal) : null;
    }

    public bool IsEmpty => _connections is null or { Count: 0 } && _users is null or { Count: 0 };

    public bool Contains(ClientConnection connection) =>
        Contains(_connections, _connectionSet, connection.ConnectionId)
        || (connection.UserId is { } user && Contains(_users, _userSet, user));

    private static bool Contains(IReadOnlyList<string>? list, HashSet<string>? set, string name)
    {
        if (set is not null)
        {
            return set.Contains(name);
        }

        for (var i = 0; i < list?.Count; i++)
        {
            if (string.Equals(list[i], name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
