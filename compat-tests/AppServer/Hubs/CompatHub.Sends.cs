using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Everything a hub can address, and questions to one client.</summary>
internal sealed partial class CompatHub
{
    private const string Message = "Message";
    private const string Question = "Question";

    public Task SendToAll(string text) => Clients.All.SendAsync(Message, text);

    public Task SendToCaller(string text) => Clients.Caller.SendAsync(Message, text);

    public Task SendToOthers(string text) => Clients.Others.SendAsync(Message, text);

    public Task SendToAllExcept(string[] connectionIds, string text) => Clients.AllExcept(connectionIds).SendAsync(Message, text);

    public Task SendToClient(string connectionId, string text) => Clients.Client(connectionId).SendAsync(Message, text);

    public Task SendToClients(string[] connectionIds, string text) => Clients.Clients(connectionIds).SendAsync(Message, text);

    public Task SendToUser(string user, string text) => Clients.User(user).SendAsync(Message, text);

    public Task SendToUsers(string[] users, string text) => Clients.Users(users).SendAsync(Message, text);

    public Task JoinGroup(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public Task LeaveGroup(string group) => Groups.RemoveFromGroupAsync(Context.ConnectionId, group);

    public Task SendToGroup(string group, string text) => Clients.Group(group).SendAsync(Message, text);

    public Task SendToGroups(string[] groups, string text) => Clients.Groups(groups).SendAsync(Message, text);

    public Task SendToGroupExcept(string group, string[] connectionIds, string text) =>
        Clients.GroupExcept(group, connectionIds).SendAsync(Message, text);

    public Task SendToOthersInGroup(string group, string text) => Clients.OthersInGroup(group).SendAsync(Message, text);

    public async Task JoinGroupAndSend(string group, string text)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, group);
        await Clients.Group(group).SendAsync(Message, text);
    }

    public async Task BurstToAll(string tag, int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Clients.All.SendAsync("Number", tag, number);
        }
    }

    public async Task BurstToCaller(string tag, int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Clients.Caller.SendAsync("Number", tag, number);
        }
    }

    /// <summary>Asks another client and hands its answer, or what went wrong with it, to the caller.</summary>
    public async Task<string> Ask(string connectionId, string question)
    {
        try
        {
            return "answer: " + await context.Clients.Client(connectionId).InvokeAsync<string>(Question, question, Context.ConnectionAborted);
        }
        catch (Exception exception)
        {
            return "error: " + exception.Message;
        }
    }
}
