namespace Tandem.Load.Clients;

/// <summary>All clients of one peer: connects them side by side, keeps them alive, and fails a run when one is lost.</summary>
internal sealed class HubClients : IDisposable
{
    /// <summary>How often a client pings, as the SignalR clients do by default.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private const int ParallelConnects = 32;
    private const int PingSlices = 60;

    private readonly HubClient[] _clients;
    private readonly HubEncoding _encoding;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();

    private HubClients(int count, HubEncoding encoding)
    {
        _clients = new HubClient[count];
        _encoding = encoding;
    }

    public int Count => _clients.Length;

    public HubEncoding Encoding => _encoding;

    /// <summary>Never completes; faults when a connection ends by itself.</summary>
    public Task Lost => _lost.Task;

    public HubClient this[int index] => _clients[index];

    public static async Task<HubClients> ConnectAsync(Uri hub, HubEncoding encoding, int count, CancellationToken cancellationToken)
    {
        var clients = new HubClients(count, encoding);
        try
        {
            using var negotiation = new Negotiation();
            var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelConnects, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, count, options, async (index, token) =>
                clients._clients[index] = await clients.ConnectOneAsync(negotiation, hub, index, token));
            _ = clients.PingAsync();
            return clients;
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }

    public void Handle(IMessageHandler? handler)
    {
        foreach (var client in _clients)
        {
            client.Handler = handler;
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        foreach (var client in _clients)
        {
            // Missing ones were never connected.
            client?.Dispose();
        }
    }

    private async Task<HubClient> ConnectOneAsync(Negotiation negotiation, Uri hub, int index, CancellationToken cancellationToken)
    {
        var target = await negotiation.NegotiateAsync(hub, cancellationToken);
        var socket = await Upgrade.OpenAsync(target, cancellationToken);
        var client = new HubClient(socket, _encoding, index, OnLost);
        await client.StartAsync(cancellationToken);
        return client;
    }

    // Every client pings once an interval, and not all at the same moment. Ends with Dispose.
    private async Task PingAsync()
    {
        var ping = _encoding.Ping;
        using var timer = new PeriodicTimer(PingInterval / PingSlices);
        try
        {
            for (var slice = 0; await timer.WaitForNextTickAsync(_closing.Token); slice = (slice + 1) % PingSlices)
            {
                for (var index = slice; index < _clients.Length; index += PingSlices)
                {
                    _clients[index].Send(ping);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The clients are being closed.
        }
        catch (Exception exception)
        {
            _lost.TrySetException(exception);
        }
    }

    private void OnLost(HubClient client, Exception exception) =>
        _lost.TrySetException(new InvalidOperationException($"Client {client.Index} lost its connection: {exception.Message}", exception));
}
