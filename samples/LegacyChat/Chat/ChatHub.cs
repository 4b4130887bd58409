using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.AspNet.SignalR;

namespace LegacyChat
{
    /// <summary>A hub as they stand in the world. Nothing in it changes when its clients move to the gateway.</summary>
    public class ChatHub : Hub
    {
        private const int MaxNameLength = 32;
        private const int MaxTextLength = 2000;

        private static readonly Presence Presence = new Presence();

        public override Task OnConnected()
        {
            var person = Presence.Add(Context.ConnectionId, NameFromQuery());
            return Clients.Others.Arrived(person);
        }

        public override Task OnReconnected()
        {
            // After a restart of this application nobody is known any more; the connection ids are those of before.
            if (Presence.Find(Context.ConnectionId) == null)
            {
                Presence.Add(Context.ConnectionId, NameFromQuery());
            }

            return base.OnReconnected();
        }

        public override Task OnDisconnected(bool stopCalled)
        {
            var person = Presence.Remove(Context.ConnectionId);
            return person == null ? Task.FromResult(0) : (Task)Clients.Others.Left(person);
        }

        public Person WhoAmI()
        {
            return Presence.Get(Context.ConnectionId);
        }

        public IList<Person> ListPresence()
        {
            return Presence.All();
        }

        /// <summary>Tells a newcomer that the caller is here. App servers know their own people only, and there may be several.</summary>
        public Task Greet(string connectionId)
        {
            return Clients.Client(connectionId).Here(WhoAmI());
        }

        public Task SendToEveryone(string text)
        {
            return Clients.All.Message(new ChatMessage { From = WhoAmI(), Text = Checked(text, MaxTextLength) });
        }

        public Task SendToGroup(string group, string text)
        {
            var sender = WhoAmI();
            if (!sender.Groups.Contains(group))
            {
                throw new HubException("Join the group '" + group + "' before you send to it.");
            }

            return Clients.Group(group).Message(new ChatMessage { From = sender, Group = group, Text = Checked(text, MaxTextLength) });
        }

        public async Task JoinGroup(string group)
        {
            await Groups.Add(Context.ConnectionId, Checked(group, MaxNameLength));
            await Clients.All.GroupsChanged(Presence.Join(Context.ConnectionId, group));
        }

        public async Task LeaveGroup(string group)
        {
            await Groups.Remove(Context.ConnectionId, group);
            await Clients.All.GroupsChanged(Presence.Leave(Context.ConnectionId, group));
        }

        private string NameFromQuery()
        {
            var name = (Context.QueryString["name"] ?? string.Empty).Trim();
            return name.Length > 0 && name.Length <= MaxNameLength ? name : "guest " + Context.ConnectionId.Substring(0, 4);
        }

        private static string Checked(string value, int maxLength)
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > maxLength)
            {
                throw new HubException("Between 1 and " + maxLength + " characters, please.");
            }

            return value;
        }
    }
}
