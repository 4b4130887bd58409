using Microsoft.AspNetCore.SignalR;

namespace Tandem.Chat;

/// <summary>An ordinary SignalR hub. Nothing in it knows whether its clients are here or at a gateway.</summary>
public sealed class ChatHub(Presence presence) : Hub<IChatClient>
{
    private const int MaxNameLength = 32;
    private const int MaxTextLength = 2000;

    public override async Task OnConnectedAsync()
    {
        var person = presence.Add(Context.ConnectionId, NameFromQuery());
        await Clients.Others.Arrived(person);
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (presence.Remove(Context.ConnectionId) is { } person)
        {
            await Clients.Others.Left(person);
        }
    }

    public Person WhoAmI() => presence.Get(Context.ConnectionId);

    public IReadOnlyList<Person> ListPresence() => presence.All();

    /// <summary>Tells a newcomer that the caller is here. App servers know their own people only; the room has two of them.</summary>
    public Task Greet(string connectionId) => Clients.Client(connectionId).Here(WhoAmI());

    public Task SendToEveryone(string text) => Clients.All.Message(new ChatMessage(WhoAmI(), Group: null, Checked(text, MaxTextLength)));

    public Task SendToGroup(string group, string text)
    {
        var sender = WhoAmI();
        if (!sender.Groups.Contains(group))
        {
            throw new HubException($"Join the group '{group}' before you send to it.");
        }

        return Clients.Group(group).Message(new ChatMessage(sender, group, Checked(text, MaxTextLength)));
    }

    public async Task JoinGroup(string group)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, Checked(group, MaxNameLength));
        await Clients.All.GroupsChanged(presence.Join(Context.ConnectionId, group));
    }

    public async Task LeaveGroup(string group)
    {
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, group);
        await Clients.All.GroupsChanged(presence.Leave(Context.ConnectionId, group));
    }

    private string NameFromQuery()
    {
        var name = Context.GetHttpContext()?.Request.Query["name"].ToString().Trim() ?? "";
        return name.Length is > 0 and <= MaxNameLength ? name : $"guest {Context.ConnectionId[..4]}";
    }

    private static string Checked(string value, int maxLength) => string.IsNullOrWhiteSpace(value) || value.Length > maxLength
        ? throw new HubException($"Between 1 and {maxLength} characters, please.")
        : value;
}
