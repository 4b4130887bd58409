#if NET
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin;

/// <summary>The clients of a typed hub, seen from outside a hub.</summary>
internal class TypedHubClients<T> : IHubConnectionContext<T>
{
    private readonly Func<IHubConnectionContext<dynamic>> _clients;

    /// <param name="clients">The untyped clients; asked anew each time, because a hub gets them after it is made.</param>
    public TypedHubClients(Func<IHubConnectionContext<dynamic>> clients)
    {
        _clients = clients;
    }

    public T All => Typed(_clients().All);

    public T AllExcept(params string[] excludeConnectionIds) => Typed(_clients().AllExcept(excludeConnectionIds));

    public T Client(string connectionId) => Typed(_clients().Client(connectionId));

    public T Clients(IList<string> connectionIds) => Typed(_clients().Clients(connectionIds));

    public T Group(string groupName, params string[] excludeConnectionIds) => Typed(_clients().Group(groupName, excludeConnectionIds));

    public T Groups(IList<string> groupNames, params string[] excludeConnectionIds) => Typed(_clients().Groups(groupNames, excludeConnectionIds));

    public T User(string userId) => Typed(_clients().User(userId));

    public T Users(IList<string> userIds) => Typed(_clients().Users(userIds));

    protected static T Typed(object proxy) => TypedClient.Create<T>(proxy);
}
#endif
