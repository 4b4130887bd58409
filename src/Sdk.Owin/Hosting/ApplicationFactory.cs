using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Infrastructure;
using Microsoft.AspNet.SignalR.Messaging;
using Microsoft.AspNet.SignalR.Transports;

namespace Tandem.Sdk.Owin;

/// <summary>Puts an application together: options, server connections, and the services SignalR finds in the resolver.</summary>
internal static class ApplicationFactory
{
    /// <summary>The application of the resolver; made when it has none yet.</summary>
    public static TandemApplication GetOrCreate(Action<TandemOptions>? configure, IDependencyResolver resolver, HostFacts host)
    {
        if (resolver.GetService(typeof(TandemApplication)) is not TandemApplication present)
        {
            return Create(configure, resolver, host);
        }

        if (configure is not null)
        {
            // The first call has opened connections by its options; others would be ignored without a word.
            var options = new TandemOptions { ApplicationName = present.Runtime.Options.ApplicationName };
            configure(options);
            if (options.ApplicationName != present.Runtime.Options.ApplicationName)
            {
                throw new InvalidOperationException(
                    $"The application is mapped as '{options.ApplicationName}' and as '{present.Runtime.Options.ApplicationName}'. "
                    + "Hubs of two applications need a dependency resolver each: set HubConfiguration.Resolver.");
            }
        }

        return present;
    }

    /// <exception cref="InvalidOperationException">The options cannot be used, or the resolver has an application already.</exception>
    /// <exception cref="FormatException">A connection string cannot be used.</exception>
    public static TandemApplication Create(
        Action<TandemOptions>? configure,
        IDependencyResolver resolver,
        HostFacts host,
        Func<string, string?>? configured = null,
        TimeProvider? timeProvider = null)
    {
        if (resolver.GetService(typeof(TandemApplication)) is not null)
        {
            throw new InvalidOperationException("The dependency resolver belongs to an application that is served through the gateway already.");
        }

        var options = new TandemOptions();
        configure?.Invoke(options);
        var gateways = ConnectionStringLookup.Find(options, configured ?? ConnectionStringLookup.FromProcess);
        TandemOptionsValidator.Validate(options, gateways);

        var loggers = options.LoggerFactory ?? new TraceSourceLogger(host.TraceOutput);
        RegisterBasics(resolver, host);
        var runtime = new ClassicRuntime(options, gateways, resolver, timeProvider ?? TimeProvider.System, loggers, host);
        var bus = new GatewayMessageBus(runtime);
        resolver.Register(typeof(IMessageBus), () => bus);
        var heartbeat = new GatewayHeartbeat(runtime);
        resolver.Register(typeof(ITransportHeartbeat), () => heartbeat);
        var application = new TandemApplication(runtime, loggers);
        resolver.Register(typeof(TandemApplication), () => application);
        if (host.Disposing.CanBeCanceled)
        {
            host.Disposing.Register(() => StopBeforeExit(application));
        }

        return application;
    }

    private static void RegisterBasics(IDependencyResolver resolver, HostFacts host)
    {
        var transports = new GatewayTransports();
        resolver.Register(typeof(ITransportManager), () => transports);
        var acks = new GatewayAcks();
        resolver.Register(typeof(IAckHandler), () => acks);
        var tokens = new ConnectionTokens();
        resolver.Register(typeof(IProtectedData), () => tokens);
        if (resolver.Resolve<IAssemblyLocator>() is DefaultAssemblyLocator locator && locator.GetType() == typeof(DefaultAssemblyLocator))
        {
            var assemblies = new HubAssemblies(host.Assemblies);
            resolver.Register(typeof(IAssemblyLocator), () => assemblies);
        }

#if NET
        ModernRuntime.Register(resolver);
#endif
    }

    /// <summary>Hosts end the process, or its application domain, when the callbacks of this token have returned: so this one waits.</summary>
    private static void StopBeforeExit(TandemApplication application)
    {
        Task.Run(() => application.StopAsync()).Wait(application.Runtime.LongestStop);
    }
}
