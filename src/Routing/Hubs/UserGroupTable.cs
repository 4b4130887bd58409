namespace Tandem.Routing.Hubs;

/// <summary>
/// The groups of users, which outlive their connections: every future connection of the user joins them until they are removed or
/// expire. Kept in memory only.
/// </summary>
/// <remarks>At most <see cref="RoutingOptions.MaxGroupsPerUser"/> a user (the oldest goes) and <see cref="RoutingOptions.MaxUserGroups"/> a hub (new ones are refused).</remarks>
internal sealed class UserGroupTable(RoutingOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Entry>> _users = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Remembers that the user is in the group; renews it when it is there. False when the table is full.</summary>
    /// <param name="user">The user.</param>
    /// <param name="group">The group.</param>
    /// <param name="expires">When future connections stop joining; null for never.</param>
    /// <param name="now">The time; what has expired makes room before anything else does.</param>
    public bool TryAdd(string user, string group, DateTimeOffset? expires, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_users.TryGetValue(user, out var entries))
            {
                _count -= entries.RemoveAll(entry => entry.Group == group || entry.IsExpired(now));
                if (entries.Count >= options.MaxGroupsPerUser)
                {
                    entries.RemoveAt(0);
                    _count--;
                }
            }

            if (_count >= options.MaxUserGroups)
            {
                // Nothing has been changed: whatever was removed above made room for one.
                return false;
            }

            if (entries is null)
            {
                _users.Add(user, entries = []);
            }

            entries.Add(new Entry(group, expires));
            _count++;
            return true;
        }
    }

    /// <summary>Forgets one group of a user, or all when <paramref name="group"/> is null.</summary>
    public void Remove(string user, string? group)
    {
        lock (_lock)
        {
            if (_users.TryGetValue(user, out var entries))
            {
                _count -= entries.RemoveAll(entry => group is null || entry.Group == group);
                if (entries.Count == 0)
                {
                    _users.Remove(user);
                }
            }
        }
    }

    /// <summary>The groups of a user that have not expired.</summary>
    public string[] Get(string user, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _users.TryGetValue(user, out var entries)
                ? [.. entries.Where(entry => !entry.IsExpired(now)).Select(entry => entry.Group)]
                : [];
        }
    }

    public bool Contains(string user, string group, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _users.TryGetValue(user, out var entries) && entries.Exists(entry => entry.Group == group && !entry.IsExpired(now));
        }
    }

    /// <summary>Drops what has expired.</summary>
    public void RemoveExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (user, entries) in _users)
            {
                _count -= entries.RemoveAll(entry => entry.IsExpired(now));
                if (entries.Count == 0)
                {
                    _users.Remove(user);
                }
            }
        }
    }

    private readonly record struct Entry(string Group, DateTimeOffset? Expires)
    {
        public bool IsExpired(DateTimeOffset now) => Expires <= now;
    }
}
