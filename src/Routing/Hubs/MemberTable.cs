using System.Collections.Concurrent;
using Tandem.Routing.Connections;

namespace Tandem.Routing.Hubs;

/// <summary>Named member sets, such as the groups of a hub or its users. A name exists as long as it has a member. Names are case-sensitive.</summary>
internal sealed class MemberTable
{
    private readonly ConcurrentDictionary<string, MemberSet> _sets = new(StringComparer.Ordinal);

    public int Count => _sets.Count;

    public bool TryGet(string name, out MemberSet members) => _sets.TryGetValue(name, out members!);

    public void Add(string name, ClientConnection member)
    {
        // A retired set is about to leave the table; the next turn makes a new one.
        while (!_sets.GetOrAdd(name, static _ => new MemberSet()).TryAdd(member))
        {
        }
    }

    public void Remove(string name, ClientConnection member)
    {
        if (_sets.TryGetValue(name, out var members) && members.Remove(member, retireIfEmpty: true))
        {
            _sets.TryRemove(new KeyValuePair<string, MemberSet>(name, members));
        }
    }
}
