using Tandem.Routing.Connections;

namespace Tandem.Routing.Hubs;

/// <summary>
/// The client connections of a hub, a group, a user or a server connection. Joining and leaving are cheap; a walk takes a snapshot
/// that is reused until the members change.
/// </summary>
/// <remarks>
/// A set can be retired: it is then empty for ever and refuses members, so that a table can drop it without losing a member that
/// joins at the same moment.
/// </remarks>
public sealed class MemberSet
{
    // Up to this size the snapshot array is the set: most groups and nearly all users are that small.
    private const int SmallSize = 16;

    private readonly Lock _lock = new();
    private ClientConnection[]? _snapshot = [];
    private HashSet<ClientConnection>? _large;
    private bool _retired;

    /// <summary>Number of members.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _large?.Count ?? _snapshot!.Length;
            }
        }
    }

    /// <summary>The members now. The array is shared: never change it.</summary>
    public ReadOnlySpan<ClientConnection> Snapshot()
    {
        lock (_lock)
        {
            return _snapshot ??= [.. _large!];
        }
    }

    /// <summary>Whether the connection is a member.</summary>
    public bool Contains(ClientConnection member)
    {
        lock (_lock)
        {
            return _large?.Contains(member) ?? Array.IndexOf(_snapshot!, member) >= 0;
        }
    }

    /// <summary>Adds a member; false when the set is retired. Adding a member again does nothing.</summary>
    public bool TryAdd(ClientConnection member)
    {
        lock (_lock)
        {
            if (_retired)
            {
                return false;
            }

            if (_large is not null)
            {
                if (_large.Add(member))
                {
                    _snapshot = null;
                }
            }
            else if (Array.IndexOf(_snapshot!, member) < 0)
            {
                if (_snapshot!.Length < SmallSize)
                {
                    _snapshot = [.. _snapshot, member];
                }
                else
                {
                    _large = [.. _snapshot, member];
                    _snapshot = null;
                }
            }

            return true;
        }
    }

    /// <summary>Removes a member, if it is one.</summary>
    /// <param name="member">The connection.</param>
    /// <param name="retireIfEmpty">Retires the set when nothing is left in it.</param>
    /// <returns>True when the set is retired now, so that its table can drop it.</returns>
    public bool Remove(ClientConnection member, bool retireIfEmpty)
    {
        lock (_lock)
        {
            if (_large is not null)
            {
                if (_large.Remove(member))
                {
                    _snapshot = null;
                }

                // Back to the small form well below the threshold, so that a set at the border does not flip with every change.
                if (_large.Count <= SmallSize / 2)
                {
                    _snapshot = [.. _large];
                    _large = null;
                }
            }
            else if (Array.IndexOf(_snapshot!, member) is var index and >= 0)
            {
                _snapshot = [.. _snapshot.AsSpan(0, index), .. _snapshot.AsSpan(index + 1)];
            }

            _retired |= retireIfEmpty && _large is null && _snapshot!.Length == 0;
            return _retired;
        }
    }

    /// <summary>Retires the set and returns who was in it.</summary>
    public ClientConnection[] Retire()
    {
        lock (_lock)
        {
            var members = _snapshot ?? _large!.ToArray();
            _retired = true;
            _large = null;
            _snapshot = [];
            return members;
        }
    }
}
