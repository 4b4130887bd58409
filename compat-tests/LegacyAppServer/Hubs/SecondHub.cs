using Microsoft.AspNet.SignalR;

namespace Tandem.LegacyAppServer;

/// <summary>Another hub on the same connection. It has no name of its own choice: any case will do on the wire.</summary>
public class SecondHub : Hub
{
    public string Ping(string text) => "second:" + text;

    public Task Shout(string text) => Clients.All.shout(text);

    /// <summary>Sends from outside any hub.</summary>
    public Task Announce(string text) => GlobalHost.ConnectionManager.GetHubContext<SecondHub>().Clients.All.shout(text);
}
