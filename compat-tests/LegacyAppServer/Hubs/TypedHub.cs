using Microsoft.AspNet.SignalR;

namespace Tandem.LegacyAppServer;

/// <summary>A hub whose clients have an interface.</summary>
public class TypedHub : Hub<INoteClient>
{
    public Task Send(string text) => Clients.All.Note(text, text.Length);

    public Task ToCaller(string text) => Clients.Caller.Note(text, text.Length);

    /// <summary>Sends from outside any hub.</summary>
    public Task Announce(string text) =>
        GlobalHost.ConnectionManager.GetHubContext<TypedHub, INoteClient>().Clients.All.Note(text, text.Length);
}

/// <summary>What its clients can do.</summary>
public interface INoteClient
{
    Task Note(string text, int length);
}
