using System.Collections.Concurrent;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>One classic application: its server connections, its endpoints, and the clients paired with it.</summary>
internal sealed partial class ClassicRuntime : IServerConnectionHandler, IDisposable
{
    private readonly object _lock = new();
    private readonly ConcurrentDictionary<string, ClassicConnection> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HubConnections> _hubs = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ClassicEndpoint> _endpoints = [];
    private readonly List<HubConnections> _unstarted = [];
    private readonly ILogger _logger;
    private bool _held;
    private bool _started;
    private bool _hubsMade;
    private TaskCompletionSource<bool>? _empty;

    public ClassicRuntime(
        TandemOptions options,
        IReadOnlyList<TandemEndpoint> gateways,
        IDependencyResolver resolver,
        TimeProvider timeProvider,
        ILoggerFactory loggers,
        HostFacts host)
    {
        Options = options;
        Gateways = gateways;
        Resolver = resolver;
        TimeProvider = timeProvider;
        AppMode = host.AppMode;
        AroundOperation = host.AroundOperation;
        _held = host.StartsLater;
        _logger = loggers.CreateLogger("Tandem.Sdk.Owin");
        Settings = CreateSettings(options.InitialApplicationServerConnectionCount);
        Application = new HubConnections(Settings, gateways, ServicePaths.ApplicationHub(options.ApplicationName), this, _logger);
    }

    public TandemOptions Options { get; }

    public IReadOnlyList<TandemEndpoint> Gateways { get; }

    public IDependencyResolver Resolver { get; }

    public TimeProvider TimeProvider { get; }

    /// <summary>Asked for each time: applications may register their own after the mapping, too.</summary>
    public JsonSerializer Serializer => Resolver.Resolve<JsonSerializer>();

    public ServerConnectionSettings Settings { get; }

    /// <summary>The host's word for its environment, such as <c>development</c>; null if it has none.</summary>
    public string? AppMode { get; }

    /// <summary>What the host wants around every call of hubs; null if nothing.</summary>
    public Func<Func<Task>, Task>? AroundOperation { get; }

    /// <summary>The server connections of the application itself, which carry clients and groups.</summary>
    public HubConnections Application { get; }

    /// <summary>All server connections of this application.</summary>
    public IEnumerable<HubConnections> Connections => _hubs.Values.Prepend(Application);

    /// <summary>Clients whose hubs are running here.</summary>
    public ICollection<ClassicConnection> Clients => _clients.Values;

    /// <summary>Adds an endpoint and connects, unless the host wants to wait with that.</summary>
    /// <exception cref="InvalidOperationException">The name is taken, or the hubs cannot be served.</exception>
    public void Map(ClassicEndpoint endpoint)
    {
        bool makeHubs, start;
        lock (_lock)
        {
            if (_endpoints.Any(other => other.Name.Equals(endpoint.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidOperationException($"'{endpoint.Name}' is mapped twice.");
            }

            _endpoints.Add(endpoint);
            makeHubs = endpoint.IsHubs && !_hubsMade;
            _hubsMade |= makeHubs;
            start = !_held;
        }

        if (makeHubs)
        {
            MakeHubs();
        }

        if (start)
        {
            Start();
        }
    }

    /// <summary>Starts the server connections of everything that is mapped and was not started before.</summary>
    public void Start()
    {
        List<HubConnections> starting;
        lock (_lock)
        {
            _held = false;
            starting = _unstarted.ToList();
            _unstarted.Clear();
            if (!_started && _endpoints.Count > 0)
            {
                _started = true;
                starting.Add(Application);
                Log.ApplicationStarts(_logger, Options.ApplicationName, Gateways.Count);
            }
        }

        foreach (var connections in starting)
        {
            connections.Start();
        }
    }

    /// <summary>What a client is to be served by; null if it cannot be told.</summary>
    public ClassicEndpoint? FindEndpoint(OpenConnectionMessage open)
    {
        var name = ClientUser.Find(open.Claims, ServiceClaims.Endpoint);
        lock (_lock)
        {
            if (name is not null)
            {
                return _endpoints.Find(endpoint => endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            }

            return _endpoints.Find(static endpoint => endpoint.IsHubs) ?? (_endpoints.Count == 1 ? _endpoints[0] : null);
        }
    }

    /// <summary>Whether a client's access token must say which endpoint it means.</summary>
    public bool MustBeNamed(ClassicEndpoint endpoint)
    {
        lock (_lock)
        {
            return !endpoint.IsHubs || _endpoints.Find(static other => other.IsHubs) != endpoint;
        }
    }

    /// <summary>The server connections of a hub.</summary>
    /// <exception cref="InvalidOperationException">The application has no such hub, or no mapping for hubs.</exception>
    public HubConnections GetHub(string name) => _hubs.TryGetValue(name, out var hub)
        ? hub
        : throw new InvalidOperationException($"Hub '{name}' is not served through the gateway. Map the hubs first: app.MapTandemSignalR().");

    /// <summary>Whether the application has a hub of this name, in any case.</summary>
    public bool HasHub(string name) => _hubs.ContainsKey(name);

    public ClassicConnection? FindClient(string connectionId) => _clients.TryGetValue(connectionId, out var client) ? client : null;

    public void Remove(ClassicConnection client)
    {
        // Only this very connection: its successor may have the same id.
        ((ICollection<KeyValuePair<string, ClassicConnection>>)_clients).Remove(new KeyValuePair<string, ClassicConnection>(client.Id, client));
        if (_clients.IsEmpty)
        {
            lock (_lock)
            {
                _empty?.TrySetResult(true);
            }
        }
    }

    /// <summary>Completes when no client is left.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            // Made before looking: a client that leaves in between completes it.
            _empty ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_clients.IsEmpty)
            {
                _empty.TrySetResult(true);
            }

            return _empty.Task;
        }
    }

    public void Dispose()
    {
        foreach (var connections in Connections)
        {
            connections.Dispose();
        }
    }

    private void MakeHubs()
    {
        var settings = CreateSettings(Options.InitialHubServerConnectionCount);
        settings.MaxCount = Options.MaxHubServerConnectionCount;

        // The descriptors only: asking the hub manager would fix the activator before the application may have registered its own.
        var names = Resolver.Resolve<IHubDescriptorProvider>().GetHubs().Select(static hub => hub.Name).ToList();
        foreach (var name in names)
        {
            if (name.Contains('.'))
            {
                throw new InvalidOperationException($"A hub is called '{name}'. Names of hubs may have no dot: it ends them in the names of their groups.");
            }

            if (name.Equals(Options.ApplicationName, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"ApplicationName is '{Options.ApplicationName}', which is also the name of a hub; choose another one.");
            }

            var connections = new HubConnections(
                settings, Gateways, ServicePaths.PrefixedHub(Options.ApplicationName, name), new BroadcastOnlyHandler(_logger), _logger);
            _hubs[name] = connections;
            lock (_lock)
            {
                _unstarted.Add(connections);
            }
        }

        if (names.Count == 0)
        {
            Log.NoHubs(_logger, Options.ApplicationName);
        }
    }

    private ServerConnectionSettings CreateSettings(int count) =>
        new(Settings?.ServerId ?? ServerConnectionSettings.NewServerId(), UserAgent.Text, TimeProvider)
        {
            ServerPath = ServicePaths.ClassicServer,
            InitialCount = count,
            MaxWaitingBytes = Options.MaxWaitingBytesPerServerConnection,
            MaxMessageBytes = Options.MaxServiceMessageBytes,
        };
}
