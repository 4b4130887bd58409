using System.Text;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Infrastructure;
using Microsoft.Extensions.Logging;
using Tandem.Testing;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>A classic application with the hubs of this assembly, connected to a scripted gateway.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly AppFunc _pipeline;

    private TestApp(ScriptedGateway gateway, TandemApplication application, AppFunc pipeline, LogSink logs)
    {
        Gateway = gateway;
        Application = application;
        _pipeline = pipeline;
        Logs = logs;
    }

    public ScriptedGateway Gateway { get; }

    public TandemApplication Application { get; }

    public LogSink Logs { get; }

    public IDependencyResolver Resolver => Application.Runtime.Resolver;

    public IConnectionManager Connections => Resolver.Resolve<IConnectionManager>();

    /// <summary>The application's server connection; there is one.</summary>
    public ScriptedServerConnection Server { get; private set; } = null!;

    /// <summary>What hubs saw, in order.</summary>
    public HubEvents Events => (HubEvents)Resolver.GetService(typeof(HubEvents));

    public static async Task<TestApp> StartAsync(
        Action<TandemOptions>? options = null, Action<HubConfiguration>? configuration = null, Action<IDependencyResolver>? resolve = null,
        string server = "app_app")
    {
        var gateway = await ScriptedGateway.StartAsync();
        var resolver = new DefaultDependencyResolver();
        var events = new HubEvents();
        resolver.Register(typeof(HubEvents), () => events);
        resolver.Register(typeof(ChatHub), () => new ChatHub(events));
        resolver.Register(typeof(RawConnection), () => new RawConnection(events));
        resolve?.Invoke(resolver);
        var logs = new LogSink();
        var application = TandemApplication.Create(
            tandem =>
            {
                tandem.ConnectionString = gateway.ConnectionString;
                tandem.InitialHubServerConnectionCount = 1;
                tandem.LoggerFactory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
                options?.Invoke(tandem);
            },
            resolver);
        var hubs = new HubConfiguration { Resolver = resolver };
        configuration?.Invoke(hubs);
        AppFunc notMapped = environment =>
        {
            environment["owin.ResponseStatusCode"] = 418;
            return Task.CompletedTask;
        };
        var pipeline = application.MapHubs("/signalr", hubs)(application.MapConnection<RawConnection>("/raw")(notMapped));
        var app = new TestApp(gateway, application, pipeline, logs);
        app.Server = await app.HubServerAsync(server);
        await Eventually.TrueAsync(
            () => application.Runtime.Connections.SelectMany(static hub => hub.Sets).All(static set => set.ConnectedCount == set.ConfiguredCount), "all connected");
        return app;
    }

    /// <summary>The next server connection of a hub.</summary>
    public Task<ScriptedServerConnection> HubServerAsync(string hub) => Gateway.AcceptAsync(connection => connection.Hub == hub);

    /// <summary>Opens client <c>c1</c> of the chat hub and awaits that the hub has heard of it.</summary>
    public async Task<ScriptedClassicClient> ConnectAsync(string id = "c1", params string[] hubs)
    {
        var client = await ScriptedClassicClient.OpenAsync(Server, id, hubs.Length == 0 ? ["chat"] : hubs);
        await Events.TakeAsync("connected " + id);
        return client;
    }

    /// <summary>Sends a request through the OWIN pipeline.</summary>
    public async Task<OwinAnswer> GetAsync(string path, string query = "", Action<IDictionary<string, object>>? with = null)
    {
        using var body = new MemoryStream();
        var environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["owin.RequestMethod"] = "GET",
            ["owin.RequestScheme"] = "http",
            ["owin.RequestPathBase"] = string.Empty,
            ["owin.RequestPath"] = path,
            ["owin.RequestQueryString"] = query,
            ["owin.RequestHeaders"] = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase) { ["Host"] = ["app.example"] },
            ["owin.ResponseHeaders"] = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase),
            ["owin.ResponseBody"] = body,
        };
        with?.Invoke(environment);
        await _pipeline(environment);
        return new OwinAnswer(
            environment.TryGetValue("owin.ResponseStatusCode", out var status) ? (int)status : 200,
            (IDictionary<string, string[]>)environment["owin.ResponseHeaders"],
            Encoding.UTF8.GetString(body.ToArray()));
    }

    public async ValueTask DisposeAsync()
    {
        Events.Gate.TrySetResult();
        await Application.StopAsync().Within();
        Application.Dispose();
        await Gateway.DisposeAsync();
    }
}

/// <summary>What a pipeline answered.</summary>
internal sealed record OwinAnswer(int Status, IDictionary<string, string[]> Headers, string Body);
