#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.Sdk.Owin;

/// <summary>Hub contexts as ever, with typed clients of our own.</summary>
internal sealed class TypedConnectionManager : IConnectionManager
{
    private readonly IConnectionManager _inner;

    public TypedConnectionManager(IConnectionManager inner)
    {
        _inner = inner;
    }

    public IPersistentConnectionContext GetConnectionContext<T>()
        where T : PersistentConnection => _inner.GetConnectionContext<T>();

    public IHubContext GetHubContext<T>()
        where T : IHub => _inner.GetHubContext<T>();

    public IHubContext GetHubContext(string hubName) => _inner.GetHubContext(hubName);

    public IHubContext<TClient> GetHubContext<T, TClient>()
        where T : IHub
        where TClient : class => new TypedContext<TClient>(_inner.GetHubContext<T>());

    public IHubContext<TClient> GetHubContext<TClient>(string hubName)
        where TClient : class => new TypedContext<TClient>(_inner.GetHubContext(hubName));

    private sealed class TypedContext<T> : IHubContext<T>
    {
        public TypedContext(IHubContext context)
        {
            TypedClient.Verify(typeof(T));
            Clients = new TypedHubClients<T>(() => context.Clients);
            Groups = context.Groups;
        }

        public IHubConnectionContext<T> Clients { get; }

        public IGroupManager Groups { get; }
    }
}
#endif
