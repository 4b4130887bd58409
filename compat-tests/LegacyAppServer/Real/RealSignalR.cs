using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hosting;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Infrastructure;
using Owin;
using Tandem.OwinHost;

namespace Tandem.LegacyAppServer;

/// <summary>
/// ASP.NET SignalR as it is, with its own transports and message bus and without any gateway: what the gateway is compared with. Its own
/// <c>MapSignalR</c> needs the libraries of Katana; this does the same without them.
/// </summary>
internal static class RealSignalR
{
    // The gateway of the tests takes as much; SignalR's own limit is 64 kB, and the message of the scenarios is 1 MB.
    private const int MaxMessageBytes = 2 * 1024 * 1024;

    /// <summary>Serves all hubs at a path.</summary>
    public static void MapRealSignalR(this IAppBuilder app, string path, HubConfiguration configuration) =>
        app.MapReal(path, configuration, () => new HubDispatcher(configuration));

    /// <summary>Serves a PersistentConnection at a path.</summary>
    public static void MapRealSignalR<TConnection>(this IAppBuilder app, string path)
        where TConnection : PersistentConnection, new() => app.MapReal(path, new ConnectionConfiguration(), () => new TConnection());

    private static void MapReal(this IAppBuilder app, string path, ConnectionConfiguration configuration, Func<PersistentConnection> create)
    {
        var disposing = (CancellationToken)app.Properties["host.OnAppDisposing"];
        Prepare(configuration.Resolver, disposing);
        app.Map(path, branch => branch.Use((environment, _) =>
        {
            environment["host.OnAppDisposing"] = disposing;
            var connection = create();
            connection.Initialize(configuration.Resolver);
            return ServeAsync(environment, configuration, connection);
        }));
    }

    private static void Prepare(IDependencyResolver resolver, CancellationToken disposing)
    {
        var tokens = new SignedData();
        resolver.Register(typeof(IProtectedData), () => tokens);
        resolver.Resolve<Microsoft.AspNet.SignalR.Configuration.IConfigurationManager>().MaxIncomingWebSocketMessageSize = MaxMessageBytes;
        disposing.Register(resolver.Dispose);
    }

    private static async Task ServeAsync(IDictionary<string, object> environment, ConnectionConfiguration configuration, PersistentConnection connection)
    {
        var request = new RealRequest(environment);
        var response = new RealResponse(environment);
        ((IDictionary<string, string[]>)environment["owin.ResponseHeaders"])["X-Content-Type-Options"] = ["nosniff"];
        if (!configuration.EnableJSONP && !string.IsNullOrEmpty(request.QueryString["callback"]))
        {
            response.StatusCode = 403;
            return;
        }

        if (!connection.Authorize(request))
        {
            response.StatusCode = request.User?.Identity is { IsAuthenticated: true } ? 403 : 401;
            return;
        }

        var context = new HostContext(request, response);
        foreach (var item in environment)
        {
            context.Environment[item.Key] = item.Value;
        }

        await connection.ProcessRequest(context);
        await response.FinishAsync();
    }
}
