using Microsoft.AspNet.SignalR;
using Microsoft.Extensions.Logging;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.Sdk.Owin;

/// <summary>
/// A classic application whose clients live on the gateway, for hosts without an <c>IAppBuilder</c>: makes plain OWIN middleware, and is
/// stopped by the host. With an <c>IAppBuilder</c> use <c>app.MapTandemSignalR()</c> instead.
/// </summary>
/// <remarks>
/// It takes over the dependency resolver: message bus, transports and acknowledgements of SignalR are the gateway's from then on. One
/// resolver belongs to one application. All members may be called from any thread.
/// </remarks>
public sealed class TandemApplication : IDisposable
{
    private readonly ILoggerFactory _loggers;

    internal TandemApplication(ClassicRuntime runtime, ILoggerFactory loggers)
    {
        Runtime = runtime;
        _loggers = loggers;
    }

    internal ClassicRuntime Runtime { get; }

    /// <summary>Prepares an application; it connects to the gateway when the first path is mapped.</summary>
    /// <param name="configure">Sets the options; may be null when the connection string is in configuration.</param>
    /// <param name="resolver">The application's resolver; <see cref="GlobalHost.DependencyResolver"/> when null.</param>
    /// <param name="hostProperties">What the host says about itself, as in the properties of an application builder; may be null.</param>
    /// <exception cref="InvalidOperationException">The options cannot be used, or the resolver has an application already.</exception>
    /// <exception cref="FormatException">A connection string cannot be used.</exception>
    public static TandemApplication Create(
        Action<TandemOptions>? configure = null, IDependencyResolver? resolver = null, IDictionary<string, object>? hostProperties = null) =>
        ApplicationFactory.Create(configure, resolver ?? GlobalHost.DependencyResolver, new HostFacts(hostProperties));

    /// <summary>Makes the middleware that serves all hubs at a path.</summary>
    /// <param name="path">Such as <c>/signalr</c>.</param>
    /// <param name="configuration">Switches for scripts and errors; its resolver must be that of the application.</param>
    /// <exception cref="InvalidOperationException">The path is mapped already, or the configuration has another resolver.</exception>
    public Func<AppFunc, AppFunc> MapHubs(string path = "/signalr", HubConfiguration? configuration = null) =>
        Map(path, path, ClassicEndpoint.ForHubs(path, configuration ?? new HubConfiguration { Resolver = Runtime.Resolver }));

    /// <summary>Makes the middleware that serves one PersistentConnection at a path.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="path">Such as <c>/raw</c>.</param>
    /// <param name="configuration">Its resolver must be that of the application; may be null.</param>
    /// <exception cref="InvalidOperationException">The path is mapped already, or the configuration has another resolver.</exception>
    public Func<AppFunc, AppFunc> MapConnection<TConnection>(string path, ConnectionConfiguration? configuration = null)
        where TConnection : PersistentConnection =>
        Map(path, path, ClassicEndpoint.ForConnection(path, typeof(TConnection), configuration ?? new ConnectionConfiguration { Resolver = Runtime.Resolver }));

    /// <summary>Lets clients leave as the options say, ends the others with <c>OnDisconnected(false)</c>, and closes the server connections.</summary>
    /// <param name="cancellationToken">Ends the waiting for clients.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => Runtime.StopAsync(cancellationToken);

    /// <summary>Releases what <see cref="StopAsync"/> left; call that first.</summary>
    public void Dispose() => Runtime.Dispose();

    /// <param name="path">What requests must begin with; null when the host has done the mapping.</param>
    /// <param name="name">How the endpoint is called in access tokens.</param>
    /// <param name="endpoint">What is mapped.</param>
    internal Func<AppFunc, AppFunc> Map(string? path, string name, ClassicEndpoint endpoint)
    {
        if (string.IsNullOrEmpty(name) || (path is not null && (path[0] != '/' || path[path.Length - 1] == '/')))
        {
            throw new ArgumentException($"The path '{path}' must begin with '/' and not end with it.", nameof(path));
        }

        var requests = AddEndpoint(endpoint);
        return next => new EndpointMiddleware(path, requests, next).InvokeAsync;
    }

    internal EndpointRequests AddEndpoint(ClassicEndpoint endpoint)
    {
        if (endpoint.Configuration.Resolver != Runtime.Resolver)
        {
            throw new InvalidOperationException($"The configuration of '{endpoint.Name}' has another dependency resolver than the application.");
        }

        Runtime.Map(endpoint);
        return new EndpointRequests(Runtime, endpoint, _loggers.CreateLogger("Tandem.Sdk.Owin"));
    }
}
