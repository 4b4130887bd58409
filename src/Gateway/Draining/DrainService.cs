using Microsoft.Extensions.Options;
using Tandem.Gateway.ServerConnections;
using Tandem.Routing.Connections;

namespace Tandem.Gateway.Draining;

/// <summary>
/// Ends the node in order: not ready at once; a pause for load balancers; the clients are told to reconnect; app servers are told what
/// became of them, and their connections are closed.
/// </summary>
/// <remarks>Runs before any hosted service stops, so that the web server still serves while it happens.</remarks>
internal sealed partial class DrainService(
    DrainState state,
    ConnectionRouter clients,
    ServerConnectionTable servers,
    IOptions<DrainOptions> options,
    TimeProvider time,
    ILogger<DrainService> logger) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Begin();
        clients.BeginDrain();
        Log.Draining(logger, clients.Count, servers.Count, options.Value.Delay);
        try
        {
            await Task.Delay(options.Value.Delay, time, cancellationToken);
            clients.DisconnectAll(CloseReason.Shutdown);
            await CloseServersAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host has no patience left; the process ends, and its connections with it.
            Log.Hurried(logger);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CloseServersAsync(CancellationToken cancellationToken)
    {
        var connections = servers.All();
        foreach (var connection in connections)
        {
            connection.Shutdown();
        }

        try
        {
            await Task.WhenAll(connections.Select(connection => connection.Gone)).WaitAsync(options.Value.Timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.TimedOut(logger, servers.Count, options.Value.Timeout);
            foreach (var connection in connections)
            {
                connection.Abort(ServerConnectionEnd.Shutdown, null);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The node drains: {Clients} clients and {ServerConnections} server connections leave after {Delay}.", EventName = "Draining")]
        public static partial void Draining(ILogger logger, int clients, int serverConnections, TimeSpan delay);

        [LoggerMessage(2, LogLevel.Warning, "{ServerConnections} server connections did not close within {Timeout} (Drain:Timeout) and were cut.", EventName = "TimedOut")]
        public static partial void TimedOut(ILogger logger, int serverConnections, TimeSpan timeout);

        [LoggerMessage(3, LogLevel.Warning, "The node was stopped before it had drained.", EventName = "Hurried")]
        public static partial void Hurried(ILogger logger);
    }
}
