#if NET
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.Extensions.DependencyInjection;

namespace Tandem.Sdk.Owin;

/// <summary>
/// Makes hubs with the services of the application: each call of hubs has a scope of its own, that ends with the call. Hubs that are
/// registered with SignalR's resolver come from there, as ever.
/// </summary>
internal sealed class HubScopes : IHubActivator
{
    private static readonly AsyncLocal<IServiceProvider?> Current = new();

    private readonly IServiceProvider _services;
    private readonly Func<Type, object?> _registered;

    /// <param name="services">The application's services.</param>
    /// <param name="registered">Makes a hub that is registered elsewhere; null if it is not.</param>
    public HubScopes(IServiceProvider services, Func<Type, object?> registered)
    {
        _services = services;
        _registered = registered;
    }

    public async Task RunAsync(Func<Task> operation)
    {
        await using var scope = _services.CreateAsyncScope();
        Current.Value = scope.ServiceProvider;
        await operation().ConfigureAwait(false);
    }

    public IHub? Create(HubDescriptor descriptor)
    {
        if (descriptor.HubType is not { } type)
        {
            return null;
        }

        var services = Current.Value ?? _services;
        return (_registered(type) ?? ActivatorUtilities.GetServiceOrCreateInstance(services, type)) as IHub;
    }
}
#endif
