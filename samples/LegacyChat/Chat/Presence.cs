using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.AspNet.SignalR;

namespace LegacyChat
{
    /// <summary>Who is connected, as far as this process knows.</summary>
    public class Presence
    {
        private static readonly string Server = Type.GetType("Mono.Runtime") == null ? "OWIN, .NET Framework" : "OWIN, Mono";

        private readonly Dictionary<string, Person> _people = new Dictionary<string, Person>();

        public Person Add(string connectionId, string name)
        {
            return Put(new Person { ConnectionId = connectionId, Name = name, Groups = new string[0], Server = Server });
        }

        public Person Find(string connectionId)
        {
            lock (_people)
            {
                Person person;
                return _people.TryGetValue(connectionId, out person) ? person : null;
            }
        }

        public Person Get(string connectionId)
        {
            var person = Find(connectionId);
            if (person == null)
            {
                throw new HubException("This connection has ended.");
            }

            return person;
        }

        public Person Remove(string connectionId)
        {
            lock (_people)
            {
                var person = Find(connectionId);
                _people.Remove(connectionId);
                return person;
            }
        }

        public IList<Person> All()
        {
            lock (_people)
            {
                return _people.Values.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase).ToList();
            }
        }

        public Person Join(string connectionId, string group)
        {
            return Change(connectionId, groups => groups.Contains(group) ? groups : groups.Concat(new[] { group }));
        }

        public Person Leave(string connectionId, string group)
        {
            return Change(connectionId, groups => groups.Where(name => name != group));
        }

        private Person Change(string connectionId, Func<IEnumerable<string>, IEnumerable<string>> change)
        {
            lock (_people)
            {
                var person = Get(connectionId);
                return Put(new Person { ConnectionId = person.ConnectionId, Name = person.Name, Groups = change(person.Groups).ToList(), Server = Server });
            }
        }

        private Person Put(Person person)
        {
            lock (_people)
            {
                _people[person.ConnectionId] = person;
                return person;
            }
        }
    }
}
