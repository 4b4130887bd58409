namespace Tandem.Sdk.Connections;

// The loops that make connections: those that are kept up for ever and those a gateway asks for.
internal sealed partial class ServerConnectionSet
{
    private async Task KeepConnectedAsync()
    {
        // Nobody awaits what happens in here but StopAsync, so nothing may be thrown out of it.
        ServerConnectionScope.Leave();
        while (!_stopping.IsCancellationRequested)
        {
            ServerConnectionClient? connection = null;
            try
            {
                await _backOff.RunAsync(
                    async cancellationToken => (connection = await TryConnectAsync(target: null, cancellationToken).ConfigureAwait(false)) is not null,
                    _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await RunAsync(connection!).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(ServerConnectionClient connection)
    {
        var started = _settings.TimeProvider.GetTimestamp();
        await connection.RunAsync().ConfigureAwait(false);
        if (_settings.TimeProvider.GetElapsedTime(started) < ShortLife)
        {
            _backOff.ReportShortLived();
        }
    }

    private async Task<ServerConnectionClient?> TryConnectAsync(string? target, CancellationToken cancellationToken)
    {
        var connection = new ServerConnectionClient(_settings, Endpoint, Hub, _tokens, this, _logger, target);
        try
        {
            await connection.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            _lastError = exception;
            _tried = true;
            Log.ConnectFailed(_logger, exception, Hub, Endpoint);
            return null;
        }

        lock (_lock)
        {
            _connected = [.. _connected, connection];
            _tried = true;
            if (_connected.Length >= ConfiguredCount)
            {
                _lastError = null;
            }
        }

        Log.Connected(_logger, connection.Id, Hub, Endpoint);
        _handler.OnConnected(connection);
        if (_stopping.IsCancellationRequested)
        {
            _ = connection.CloseAsync();
        }

        return connection;
    }

    private void OpenOnDemand(string target)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || (_settings.MaxCount is { } max && _settings.InitialCount + _onDemand >= max))
            {
                Log.OnDemandRefused(_logger, target, Hub, Endpoint);
                return;
            }

            _onDemand++;
            _loops.RemoveAll(static loop => loop.IsCompleted);
            _loops.Add(Task.Run(() => RunOnDemandAsync(target)));
        }
    }

    /// <summary>An on-demand connection is not made again: the gateway asks once more if it still wants one.</summary>
    private async Task RunOnDemandAsync(string target)
    {
        ServerConnectionScope.Leave();
        try
        {
            if (await TryConnectAsync(target, _stopping.Token).ConfigureAwait(false) is { } connection)
            {
                await connection.RunAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_lock)
            {
                _onDemand--;
            }
        }
    }
}
