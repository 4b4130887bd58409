using Tandem.Load.Clients;
using Tandem.Load.Measuring;
using Tandem.Load.Peers;

namespace Tandem.Load.Scenarios;

/// <summary>One peer's turn in one round: fresh processes, a warm-up, then every scenario on the same connections.</summary>
internal sealed class PeerRound(LoadOptions options, PeerKind kind, int round)
{
    private const int WarmUpClients = 500;
    private const int EchoesPerWarmUpClient = 4;
    private const int WarmUpEchoes = 50_000;
    private const int WarmUpGroupDeliveries = 20_000;
    private const double SettledCores = 0.2;
    private static readonly TimeSpan SettlingStep = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MaxSettling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PhaseTimeout = TimeSpan.FromSeconds(60);

    private readonly HubEncoding _encoding = HubEncoding.ByName(options.Protocol);
    private readonly List<Sample> _samples = [];

    public async Task<IReadOnlyList<Sample>> RunAsync(CancellationToken cancellationToken)
    {
        await using var peer = await Peer.StartAsync(kind, cancellationToken);
        await WarmUpAsync(peer, cancellationToken);

        var residentBefore = ServerMeter.Resident(peer);
        using var clients = await ConnectAsync(peer, cancellationToken);
        if (options.Runs(ScenarioName.Idle))
        {
            await IdleAsync(peer, clients, residentBefore, cancellationToken);
        }

        var messaging = Messaging(clients).ToArray();
        if (messaging.Length > 0)
        {
            // Every way a message takes, often enough for the last tier of the compiler. A few dozen broadcasts are not.
            await RunPhaseAsync(clients, EchoScenario.ByCall(clients, options.PayloadBytes), WarmUpEchoes, cancellationToken);
            await RunPhaseAsync(clients, FanOutScenario.Groups(clients, options.PayloadBytes), WarmUpGroupDeliveries, cancellationToken);
        }

        foreach (var scenario in messaging)
        {
            await LoadAsync(peer, clients, scenario, cancellationToken);
        }

        return _samples;
    }

    // Connecting has to be compiled before it is measured. Few messages, or the heap would be larger before the clients
    // that are counted than after.
    private async Task WarmUpAsync(Peer peer, CancellationToken cancellationToken)
    {
        using (var clients = await HubClients.ConnectAsync(peer.Hub, _encoding, WarmUpClients, cancellationToken))
        {
            var echo = EchoScenario.ByResult(clients, options.PayloadBytes);
            await RunPhaseAsync(clients, echo, WarmUpClients * EchoesPerWarmUpClient, cancellationToken);
        }

        await SettleAsync(peer, cancellationToken);
    }

    // The compiler works on what was just used for a while. Its time is not counted, but it takes a core.
    private static async Task SettleAsync(Peer peer, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < MaxSettling; waited += SettlingStep)
        {
            var before = CpuTime();
            await Task.Delay(SettlingStep, cancellationToken);
            if ((CpuTime() - before) / SettlingStep < SettledCores)
            {
                return;
            }
        }

        TimeSpan CpuTime() => TimeSpan.FromTicks(peer.Servers.Sum(server => server.CpuTime.Ticks));
    }

    private async Task<HubClients> ConnectAsync(Peer peer, CancellationToken cancellationToken)
    {
        var meter = ServerMeter.Start(peer);
        var clients = await HubClients.ConnectAsync(peer.Hub, _encoding, options.Connections, cancellationToken);
        if (options.Runs(ScenarioName.Connect))
        {
            Add("connect, CPU-µs per connection", meter.Stop(clients.Count));
        }

        return clients;
    }

    // As long as a keep-alive interval, so that every connection has one ping in each direction in it.
    private async Task IdleAsync(Peer peer, HubClients clients, Cost residentBefore, CancellationToken cancellationToken)
    {
        await SettleAsync(peer, cancellationToken);
        var meter = ServerMeter.Start(peer);
        await await Task.WhenAny(Task.Delay(HubClients.PingInterval, cancellationToken), clients.Lost);

        Add("idle, CPU-µs per connection and second", meter.Stop(clients.Count * HubClients.PingInterval.TotalSeconds));
        var resident = ServerMeter.Resident(peer);
        Add("idle, resident bytes per connection", new Cost(
            (resident.AppServer - residentBefore.AppServer) / clients.Count, (resident.Gateway - residentBefore.Gateway) / clients.Count));
    }

    private IEnumerable<ILoadScenario> Messaging(HubClients clients)
    {
        if (options.Runs(ScenarioName.Echo))
        {
            yield return EchoScenario.ByResult(clients, options.PayloadBytes);
            yield return EchoScenario.ByCall(clients, options.PayloadBytes);
        }

        if (options.Runs(ScenarioName.Broadcast))
        {
            yield return FanOutScenario.Broadcast(clients, options.PayloadBytes);
        }

        if (options.Runs(ScenarioName.Groups))
        {
            yield return FanOutScenario.Groups(clients, options.PayloadBytes);
        }
    }

    private async Task LoadAsync(Peer peer, HubClients clients, ILoadScenario scenario, CancellationToken cancellationToken)
    {
        await RunPhaseAsync(clients, scenario, scenario.Deliveries / 2, cancellationToken);
        await SettleAsync(peer, cancellationToken);

        var meter = ServerMeter.Start(peer);
        var phase = await RunPhaseAsync(clients, scenario, scenario.Deliveries, cancellationToken, prepare: false);
        Add(scenario.Row, meter.Stop(phase.Deliveries), phase.Traffic());
    }

    private static async Task<LoadPhase> RunPhaseAsync(
        HubClients clients, ILoadScenario scenario, int deliveries, CancellationToken cancellationToken, bool prepare = true)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PhaseTimeout);
        LoadPhase? phase = null;
        clients.Handle(scenario);
        try
        {
            if (prepare)
            {
                await await Task.WhenAny(scenario.PrepareAsync(timeout.Token), clients.Lost);
            }

            phase = scenario.Begin(deliveries);
            await await Task.WhenAny(phase.Done.WaitAsync(timeout.Token), clients.Lost);
            return phase;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{scenario.Row}' did not end within {PhaseTimeout.TotalSeconds} s; {phase?.Left} deliveries are missing.");
        }
        finally
        {
            clients.Handle(null);
        }
    }

    private void Add(string row, Cost cost, Traffic? traffic = null) => _samples.Add(new Sample(row, kind, round, cost, traffic));
}
