#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.Sdk.Owin;

/// <summary>What SignalR has of .NET Framework and .NET has not, made anew.</summary>
internal static class ModernRuntime
{
    public static void Register(IDependencyResolver resolver)
    {
        var counters = InertCounters.CreateManager();
        resolver.Register(typeof(IPerformanceCounterManager), () => counters);
        var activator = new TypedHubActivator(resolver.Resolve<IHubActivator>());
        resolver.Register(typeof(IHubActivator), () => activator);
        var connections = new TypedConnectionManager(resolver.Resolve<IConnectionManager>());
        resolver.Register(typeof(IConnectionManager), () => connections);
    }
}
#endif
