using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer;

/// <summary>The hub under load: as little work of its own as a hub can do, so that what is measured is the way there and back.</summary>
internal sealed class BenchHub : Hub
{
    /// <summary>The client method that every send calls.</summary>
    private const string Receive = "m";

    /// <summary>Answers with the result of the invocation.</summary>
    public string Echo(string payload) => payload;

    /// <summary>Answers by calling the caller's client method.</summary>
    public Task EchoCall(string payload) => Clients.Caller.SendAsync(Receive, payload);

    public Task Broadcast(string payload) => Clients.All.SendAsync(Receive, payload);

    public Task Join(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public Task SendToGroup(string group, string payload) => Clients.Group(group).SendAsync(Receive, payload);
}
