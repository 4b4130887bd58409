using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>One hub of the application: its server connections and the clients paired with them.</summary>
internal sealed partial class HubRuntime : IServerConnectionHandler, IDisposable
{
    private readonly ConcurrentDictionary<string, VirtualConnection> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, VirtualConnection>.AlternateLookup<ReadOnlySpan<char>> _clientsBySpan;
    private readonly TandemOptions _options;
    private readonly string _description;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private ConnectionDelegate? _application;
    private TaskCompletionSource? _empty;

    public HubRuntime(
        Type hubType, HubOptions hubOptions, TandemOptions options, ServerConnectionSettings settings, IServiceScopeFactory scopes, ILoggerFactory loggers)
    {
        HubType = hubType;
        HubOptions = hubOptions;
        Name = ServicePaths.PrefixedHub(options.ApplicationName, hubType.Name);
        Methods = HubMethods.Of(hubType);
        ServerId = settings.ServerId;
        Results = new ClientResults(settings.TimeProvider);
        Scopes = scopes;
        _clientsBySpan = _clients.GetAlternateLookup<ReadOnlySpan<char>>();
        _options = options;
        _description = Methods.Describe(hubType.Name);
        _logger = loggers.CreateLogger("Tandem.Sdk.Connections");
        Connections = new HubConnections(settings, options.Endpoints, Name, this, _logger);
    }

    public Type HubType { get; }

    public HubOptions HubOptions { get; }

    /// <summary>Hub name with application name.</summary>
    public string Name { get; }

    /// <summary>What clients can call.</summary>
    public HubMethods Methods { get; }

    /// <summary>Id of this app server process.</summary>
    public string ServerId { get; }

    public IServiceScopeFactory Scopes { get; }

    public HubConnections Connections { get; }

    public ClientResults Results { get; }

    /// <summary>The endpoint <c>MapHub</c> made; hubs find its metadata in their HTTP context.</summary>
    public Endpoint? Endpoint { get; private set; }

    /// <summary>Clients whose hub is running here.</summary>
    public ICollection<VirtualConnection> Clients => _clients.Values;

    /// <summary>Whether the hub has been mapped, so that it has, or tries to have, server connections.</summary>
    public bool IsStarted => _application is not null;

    /// <summary>Starts the server connections; further calls do nothing.</summary>
    public void Start(ConnectionDelegate application, Endpoint? endpoint)
    {
        lock (_lock)
        {
            if (_application is not null)
            {
                return;
            }

            _application = application;
            Endpoint = endpoint;
        }

        Connections.Start();
    }

    public VirtualConnection? FindClient(string connectionId) => _clients.GetValueOrDefault(connectionId);

    public void Remove(VirtualConnection client)
    {
        _clients.TryRemove(new KeyValuePair<string, VirtualConnection>(client.ConnectionId, client));
        if (_clients.IsEmpty)
        {
            lock (_lock)
            {
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>Completes when no client is left.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            // Made before looking: a client that leaves in between completes it.
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_clients.IsEmpty)
            {
                _empty.TrySetResult();
            }

            return _empty.Task;
        }
    }

    public void OnConnected(ServerConnectionClient connection)
    {
        // For clients that are not of its own kind, which the gateway serves.
        connection.Post(new PingMessage(ServicePing.HubKey, _description));
    }

    public void OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload)
    {
        // Ids are a few dozen characters; a longer one is looked up all the same, just not for free.
        var id = connectionId.Length <= 256 ? stackalloc char[256] : new char[connectionId.Length];
        id = id[..Encoding.UTF8.GetChars(connectionId, id)];
        if (_clientsBySpan.TryGetValue(id, out var client))
        {
            client.Receive(payload);
        }
        else
        {
            // Quite normal: the hub has ended the connection while the client was still sending.
            Log.UnknownConnection(_logger, id.ToString(), Name);
        }
    }

    public void OnMessage(ServerConnectionClient connection, ServiceMessage message)
    {
        switch (message)
        {
            case OpenConnectionMessage open:
                Open(connection, open);
                break;
            case CloseConnectionMessage close:
                if (_clients.TryGetValue(close.ConnectionId, out var closing))
                {
                    closing.CloseByGateway(close);
                }

                break;
            case ClientInvocationMessage invocation:
                Results.AddRouted(invocation);
                break;
            case ClientCompletionMessage completion:
                Results.Complete(completion);
                break;
            case ErrorCompletionMessage error:
                Results.Fail(error, connection.Endpoint);
                break;
            case ServiceMappingMessage mapping:
                Results.SetInstance(mapping);
                break;
            case PingMessage ping when ping[ServicePing.OfflineKey] is { Length: > 0 } instance:
                LoseInstance(connection, instance);
                break;
            case ServiceEventMessage or PingMessage or UnknownMessage or ConnectionReconnectMessage:
                break;
            default:
                Log.UnexpectedMessage(_logger, message.GetType().Name, connection.Id, Name);
                break;
        }
    }

    public void OnClosed(ServerConnectionClient connection, Exception? error)
    {
        foreach (var client in _clients.Values)
        {
            if (client.Server == connection)
            {
                client.CloseByLoss(error is null ? null : "The server connection to the gateway was lost.");
            }
        }

        if (Connections.Sets.All(static set => set.ConnectedCount == 0))
        {
            Results.FailAll(Connections.NotConnected());
        }
        else if (Connections.Sets.Single(set => set.Endpoint == connection.Endpoint) is { ConnectedCount: 0 } lost)
        {
            Results.FailEndpoint(lost.Endpoint, lost.NotConnected());
        }
    }

    public void Dispose() => Connections.Dispose();

    private void Open(ServerConnectionClient connection, OpenConnectionMessage open)
    {
        var client = new VirtualConnection(this, connection, open, _options.MaxWaitingBytesPerClient, _logger);
        while (!_clients.TryAdd(open.ConnectionId, client))
        {
            if (_clients.TryGetValue(open.ConnectionId, out var former) && _clients.TryUpdate(open.ConnectionId, client, former))
            {
                // A classic client that came back is announced under its old id. That it has left is known to the gateway before it is to the
                // hub, whose goodbye may still be under way.
                Log.OpenedAgain(_logger, open.ConnectionId, Name);
                former.CloseByLoss("The client was announced again.");
                client.Start(_application!, former.Completion);
                return;
            }
        }

        client.Start(_application!, Task.CompletedTask);
    }

    private void LoseInstance(ServerConnectionClient connection, string instance)
    {
        foreach (var client in _clients.Values)
        {
            if (client.Server == connection && client.InstanceId == instance)
            {
                client.CloseByLoss("The gateway that held the client is gone.");
            }
        }

        Results.FailInstance(instance);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Data for unknown connection {ConnectionId} of hub {Hub} is ignored.", EventName = "UnknownConnection")]
        public static partial void UnknownConnection(ILogger logger, string connectionId, string hub);

        [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId} of hub {Hub} is announced again; its former session ends.", EventName = "OpenedAgain")]
        public static partial void OpenedAgain(ILogger logger, string connectionId, string hub);

        [LoggerMessage(3, LogLevel.Debug, "A {MessageType} on server connection {ServerConnectionId} of hub {Hub} is ignored: gateways do not send it.", EventName = "UnexpectedMessage")]
        public static partial void UnexpectedMessage(ILogger logger, string messageType, string serverConnectionId, string hub);
    }
}
