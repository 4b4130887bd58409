using Microsoft.AspNet.SignalR;

namespace Tandem.LegacyAppServer;

/// <summary>For users only.</summary>
[Authorize]
public class LockedHub : Hub
{
    public string Hello() => "hello " + Context.User.Identity!.Name;
}
