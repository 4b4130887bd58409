#if NET
using System.Collections.Concurrent;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin;

/// <summary>Gives typed hubs their clients, after another activator has made them.</summary>
internal sealed class TypedHubActivator : IHubActivator
{
    private static readonly ConcurrentDictionary<Type, Action<IHub>?> Setters = new();

    private readonly IHubActivator _inner;

    public TypedHubActivator(IHubActivator inner)
    {
        _inner = inner;
    }

    public IHub? Create(HubDescriptor descriptor)
    {
        var hub = _inner.Create(descriptor);
        if (hub is not null)
        {
            Setters.GetOrAdd(hub.GetType(), FindSetter)?.Invoke(hub);
        }

        return hub;
    }

    private static Action<IHub>? FindSetter(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Hub<>))
            {
                return typeof(TypedHubActivator).GetMethod(nameof(SetClients), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
                    .MakeGenericMethod(current.GetGenericArguments()[0]).CreateDelegate<Action<IHub>>();
            }
        }

        return null;
    }

    private static void SetClients<T>(IHub hub)
        where T : class
    {
        var typed = (Hub<T>)hub;
        typed.Clients = new TypedHubCallerClients<T>(typed);
    }
}
#endif
