using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

// Taking leave.
internal sealed partial class ClassicRuntime
{
    // What OnDisconnected may take at the end.
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private Task? _stopped;

    /// <summary>How long <see cref="StopAsync"/> can take: clients that do not leave in time still have their hubs ended.</summary>
    public TimeSpan LongestStop =>
        (Options.GracefulShutdown.Mode == GracefulShutdownMode.Off ? TimeSpan.Zero : Options.GracefulShutdown.Timeout)
        + LeaveTimeout + ServerConnectionSettings.CloseTimeout;

    /// <summary>Lets clients leave as the options say, ends the others, and closes all server connections. Further calls await the first.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _stopped ??= Task.Run(() => LeaveAsync(cancellationToken), CancellationToken.None);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        ServerConnectionScope.Leave();
        if (Options.GracefulShutdown.Mode != GracefulShutdownMode.Off)
        {
            await LetClientsLeaveAsync(cancellationToken).ConfigureAwait(false);
        }

        await EndClientsAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(Connections.Select(static connections => connections.StopAsync())).ConfigureAwait(false);
    }

    private async Task LetClientsLeaveAsync(CancellationToken cancellationToken)
    {
        using var timeout = TimeProvider.CreateCancellationTokenSource(Options.GracefulShutdown.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Application.AnnounceShutdownAsync(ServicePing.FinWait, either.Token).ConfigureAwait(false);
            await WhenEmptyAsync().WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.ClientsLeft(_logger, _clients.Count);
        }
    }

    /// <summary>Ends hubs while their server connections are still up, so that they can send a farewell.</summary>
    private async Task EndClientsAsync(CancellationToken cancellationToken)
    {
        var clients = _clients.Values.ToArray();
        foreach (var client in clients)
        {
            client.CloseByLoss();
        }

        try
        {
            await Task.WhenAll(clients.Select(static client => client.Completion))
                .WaitAsync(LeaveTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.HubsStillBusy(_logger, clients.Count(static client => !client.Completion.IsCompleted));
        }
    }
}
