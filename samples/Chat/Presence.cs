using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Chat;

/// <summary>Who is connected, as far as this process knows. An application on several machines would keep this in a store of its own.</summary>
public sealed class Presence
{
    private static readonly string Server = $"ASP.NET Core, .NET {Environment.Version.Major}";

    private readonly ConcurrentDictionary<string, Person> _people = new();

    public Person Add(string connectionId, string name) => _people[connectionId] = new Person(connectionId, name, [], Server);

    public Person? Remove(string connectionId) => _people.TryRemove(connectionId, out var person) ? person : null;

    public Person Get(string connectionId) =>
        _people.TryGetValue(connectionId, out var person) ? person : throw new HubException("This connection has ended.");

    public IReadOnlyList<Person> All() => [.. _people.Values.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase)];

    public Person Join(string connectionId, string group) =>
        Change(connectionId, groups => groups.Contains(group) ? groups : [.. groups, group]);

    public Person Leave(string connectionId, string group) =>
        Change(connectionId, groups => [.. groups.Where(name => name != group)]);

    // A client invokes one method at a time by default, but nothing stops an application from allowing more.
    private Person Change(string connectionId, Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        while (true)
        {
            var before = Get(connectionId);
            var after = before with { Groups = change(before.Groups) };
            if (_people.TryUpdate(connectionId, after, before))
            {
                return after;
            }
        }
    }
}
