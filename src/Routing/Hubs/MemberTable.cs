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
        while (true)
        {
            var members = _sets.GetOrAdd(name, static _ => new MemberSet());
            if (members.TryAdd(member))
            {
                return;
            }

            // Retired: whoever retired it is about to take it out. Not waiting for that thread is what keeps this loop short.
            Drop(name, members);
        }
    }

    public void Remove(string name, ClientConnection member)
    {
        if (_sets.TryGetValue(name, out var members) && members.Remove(member, retireIfEmpty: true))
        {
            Drop(name, members);
        }
    }

    private void Drop(string name, MemberSet retired) => _sets.TryRemove(new KeyValuePair<string, MemberSet>(name, retired));
}
