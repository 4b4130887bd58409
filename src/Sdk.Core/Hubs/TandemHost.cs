using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Core;

/// <summary>Starts the server connections of every mapped hub once the application has started, and takes leave when it stops.</summary>
internal sealed partial class TandemHost : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    // What OnDisconnectedAsync may take at the end, besides what the host allows.
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly HubRegistry _hubs;
    private readonly EndpointDataSource _endpoints;
    private readonly IServiceProvider _services;
    private readonly TandemOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<TandemHost> _logger;
    private IDisposable? _endpointChanges;
    private ITimer? _heartbeat;

    public TandemHost(
        HubRegistry hubs, EndpointDataSource endpoints, IServiceProvider services, IOptions<TandemOptions> options,
        TimeProvider timeProvider, ILogger<TandemHost> logger)
    {
        _hubs = hubs;
        _endpoints = endpoints;
        _services = services;
        _options = options.Value;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Endpoints are in place only now: the web host adds them when it starts.
        _endpointChanges = ChangeToken.OnChange(_endpoints.GetChangeToken, StartHubs);
        StartHubs();
        _heartbeat = _timeProvider.CreateTimer(static state => ((TandemHost)state!).TickHeartbeats(), this, HeartbeatInterval, HeartbeatInterval);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _endpointChanges?.Dispose();
        var hubs = _hubs.Started.ToArray();
        if (_options.GracefulShutdown.Mode != GracefulShutdownMode.Off)
        {
            await LetClientsLeaveAsync(hubs, cancellationToken).ConfigureAwait(false);
        }

        await EndClientsAsync(hubs, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(hubs.Select(static hub => hub.Connections.StopAsync())).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _endpointChanges?.Dispose();
        _heartbeat?.Dispose();
    }

    private void StartHubs()
    {
        foreach (var endpoint in _endpoints.Endpoints)
        {
            // Of the two endpoints of a hub the one that connects: its metadata is what a hub finds in its HTTP context.
            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub && endpoint.Metadata.GetMetadata<NegotiateMetadata>() is null)
            {
                var runtime = _hubs.Get(hub.HubType);
                if (!runtime.IsStarted)
                {
                    Log.HubStarts(_logger, runtime.Name, _options.Endpoints.Count);
                    runtime.Start(BuildApplication(hub.HubType), endpoint);
                }
            }
        }
    }

    /// <summary>The very pipeline a hub has when it accepts connections itself.</summary>
    private ConnectionDelegate BuildApplication(Type hubType)
    {
        var builder = new ConnectionBuilder(_services);
        typeof(SignalRConnectionBuilderExtensions).GetMethod(nameof(SignalRConnectionBuilderExtensions.UseHub))!
            .MakeGenericMethod(hubType)
            .Invoke(null, [builder]);
        return builder.Build();
    }

    private async Task LetClientsLeaveAsync(HubRuntime[] hubs, CancellationToken cancellationToken)
    {
        using var timeout = _timeProvider.CreateCancellationTokenSource(_options.GracefulShutdown.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var fin = _options.GracefulShutdown.Mode == GracefulShutdownMode.MigrateClients ? ServicePing.FinMigrate : ServicePing.FinWait;
        try
        {
            await Task.WhenAll(hubs.Select(hub => hub.Connections.AnnounceShutdownAsync(fin, either.Token))).ConfigureAwait(false);
            await Task.WhenAll(hubs.Select(static hub => hub.WhenEmptyAsync())).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.ClientsLeft(_logger, hubs.Sum(static hub => hub.Clients.Count));
        }
    }

    /// <summary>Ends hubs while their server connections are still up, so that they can send a farewell.</summary>
    private async Task EndClientsAsync(HubRuntime[] hubs, CancellationToken cancellationToken)
    {
        var clients = hubs.SelectMany(static hub => hub.Clients).ToArray();
        foreach (var client in clients)
        {
            client.CloseByLoss(null);
        }

        try
        {
            await Task.WhenAll(clients.Select(static client => client.Completion))
                .WaitAsync(LeaveTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.HubsStillBusy(_logger, clients.Count(static client => !client.Completion.IsCompleted));
        }
    }

    private void TickHeartbeats()
    {
        foreach (var hub in _hubs.Started)
        {
            foreach (var client in hub.Clients)
            {
                try
                {
                    client.TickHeartbeat();
                }
                catch (Exception exception)
                {
                    // Actions come from the application too. What a timer lets through ends the process.
                    Log.HeartbeatFailed(_logger, exception, client.ConnectionId, hub.Name);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Hub {Hub} is served through the gateway at {EndpointCount} endpoint(s).", EventName = "HubStarts")]
        public static partial void HubStarts(ILogger logger, string hub, int endpointCount);

        [LoggerMessage(2, LogLevel.Warning, "The shutdown timeout has passed; {ClientCount} clients are closed.", EventName = "ClientsLeft")]
        public static partial void ClientsLeft(ILogger logger, int clientCount);

        [LoggerMessage(3, LogLevel.Warning, "{ClientCount} clients' hubs did not end in time.", EventName = "HubsStillBusy")]
        public static partial void HubsStillBusy(ILogger logger, int clientCount);

        [LoggerMessage(4, LogLevel.Error, "A heartbeat action of connection {ConnectionId} of hub {Hub} failed.", EventName = "HeartbeatFailed")]
        public static partial void HeartbeatFailed(ILogger logger, Exception exception, string connectionId, string hub);
    }
}
