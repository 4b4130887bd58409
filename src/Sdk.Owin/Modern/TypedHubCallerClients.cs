#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin;

/// <summary>The clients of a typed hub, seen from a call.</summary>
internal sealed class TypedHubCallerClients<T> : TypedHubClients<T>, IHubCallerConnectionContext<T>
{
    private readonly Hub _hub;

    public TypedHubCallerClients(Hub hub)
        : base(() => hub.Clients)
    {
        _hub = hub;
    }

    public T Caller => Typed(_hub.Clients.Caller);

    public dynamic CallerState => _hub.Clients.CallerState;

    public T Others => Typed(_hub.Clients.Others);

    public T OthersInGroup(string groupName) => Typed(_hub.Clients.OthersInGroup(groupName));

    public T OthersInGroups(IList<string> groupNames) => Typed(_hub.Clients.OthersInGroups(groupNames));
}
#endif
