using System.Net;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>
/// A gateway and an application that are killed, shut down and started again, with every client on every transport connected
/// to them at the same time. Runs once; the tests read what came of it.
/// </summary>
public sealed class LifeCycleRun : IAsyncLifetime
{
    // Long enough for an application to start while a client waits, and short enough for polls to be renewed meanwhile.
    private static readonly string[] PatientGateway = ["--Tandem:Limits:WaitForServer=00:00:45", "--Tandem:Core:LongPoll=00:00:02"];
    private static readonly string[] HastyGateway = ["--Tandem:Limits:WaitForServer=00:00:01"];
    private static readonly string[] GracefulAppServer =
        ["--Tandem:GracefulShutdown:Mode=WaitForClientsClose", "--Tandem:GracefulShutdown:Timeout=00:00:25"];

    private readonly Dictionary<(string Client, string Transport, string Scenario), string> _errors = [];
    private readonly List<IParticipant> _participants = [];
    private GatewayProcess? _gateway;
    private AppServerProcess? _appServer;
    private string? _crash;

    /// <summary>What a plain WebSocket client was told when its app server was killed.</summary>
    internal string? CloseAfterAppServerKilled { get; private set; }

    /// <summary>What a plain WebSocket client was told when the gateway shut down.</summary>
    internal string? CloseAfterGatewayShutdown { get; private set; }

    internal int? AppServerExitCode { get; private set; }

    internal int? GatewayExitCode { get; private set; }

    /// <summary>Status, Retry-After and text of a negotiate for which there is no app server.</summary>
    internal (HttpStatusCode Status, TimeSpan? RetryAfter, string Text)? Refusal { get; private set; }

    public async ValueTask InitializeAsync()
    {
        try
        {
            await RunAsync();
        }
        catch (Exception exception)
        {
            _crash = exception.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var participant in _participants)
        {
            await participant.DisposeAsync();
        }

        if (_appServer is not null)
        {
            await _appServer.DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    internal void AssertHeld(string client, string transport, string scenario)
    {
        if (!_errors.TryGetValue((client, transport, scenario), out var error))
        {
            Assert.Fail($"It did not come to this scenario: {_crash ?? "the participant has no such transport"}");
        }

        Assert.True(error.Length == 0, error);
    }

    /// <summary>Fails when the run broke off before it got there.</summary>
    internal void AssertReached(object? fact) => Assert.True(fact is not null, $"It did not come to this: {_crash}");

    private async Task RunAsync()
    {
        if (CompatStage.ThroughGateway)
        {
            _gateway = new GatewayProcess();
            await _gateway.StartAsync(PatientGateway);
        }

        _appServer = AppServerProcess.OfScenarios(_gateway, GracefulAppServer);
        await _appServer.StartAsync();
        var connectsTo = _gateway?.Url ?? _appServer.Url;
        _participants.Add(new DotNetParticipant(_appServer.Url));
        _participants.AddRange(await Task.WhenAll(
            JavaScriptParticipant.StartAsync(Runtimes.Node, _appServer.Url, connectsTo),
            JavaScriptParticipant.StartAsync(Runtimes.Browser, _appServer.Url, connectsTo)));

        await KillAppServerAsync();
        await ShutAppServerDownAsync();
        if (_gateway is not null)
        {
            await LetClientsWaitAsync(_gateway);
            await ShutGatewayDownAsync(_gateway);
            await KillGatewayAsync(_gateway);
            await RefuseClientsAsync(_gateway);
        }
    }

    private async Task KillAppServerAsync()
    {
        await using var raw = await RawClient.ConnectAsync($"{_appServer!.Url}/compat");
        await ScenarioAsync(LifeCycleScenarios.AppServerIsKilled, new StepDetails(), async () =>
        {
            await _appServer.KillAsync();
            CloseAfterAppServerKilled = await raw.ReadCloseAsync();
            await _appServer.StartAsync();
        });
    }

    private async Task ShutAppServerDownAsync()
    {
        await ScenarioAsync(LifeCycleScenarios.AppServerShutsDown, new StepDetails(), _appServer!.BeginShutdownAsync);
        AppServerExitCode = await _appServer.WaitForExitAsync();
    }

    private Task LetClientsWaitAsync(GatewayProcess gateway) => ScenarioAsync(
        LifeCycleScenarios.ClientWaits, new StepDetails(Waiting: gateway.DirectAddressOf("compathub")), _appServer!.StartAsync);

    private async Task ShutGatewayDownAsync(GatewayProcess gateway)
    {
        await using var raw = await RawClient.ConnectAsync($"{_appServer!.Url}/compat");
        await ScenarioAsync(LifeCycleScenarios.GatewayShutsDown, new StepDetails(), async () =>
        {
            gateway.Terminate();
            CloseAfterGatewayShutdown = await raw.ReadCloseAsync();
            GatewayExitCode = await gateway.WaitForExitAsync();
            await gateway.StartAsync(PatientGateway);
            await _appServer.WaitUntilReadyAsync();
        });
    }

    private Task KillGatewayAsync(GatewayProcess gateway) => ScenarioAsync(LifeCycleScenarios.GatewayIsKilled, new StepDetails(), async () =>
    {
        await gateway.KillAsync();
        await gateway.StartAsync(HastyGateway);
        await _appServer!.WaitUntilReadyAsync();
    });

    private async Task RefuseClientsAsync(GatewayProcess gateway)
    {
        var address = gateway.DirectAddressOf("nobody");
        await ScenarioAsync(LifeCycleScenarios.ClientIsRefused, new StepDetails(Refused: address), () => Task.CompletedTask);

        using var http = new HttpClient { Timeout = Deadlines.Step };
        var negotiate = address.Url.Replace("/client/?", "/client/negotiate?", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, negotiate);
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", address.Token);
        using var response = await http.SendAsync(request);
        Refusal = (response.StatusCode, response.Headers.RetryAfter?.Delta, await response.Content.ReadAsStringAsync());
    }

    /// <summary>All clients prepare, then <paramref name="happening"/>, then all clients look what became of them.</summary>
    private async Task ScenarioAsync(string scenario, StepDetails details, Func<Task> happening)
    {
        await StepAsync(scenario, participant => participant.PrepareAsync(scenario, details));
        await happening();
        await StepAsync(scenario, participant => participant.VerifyAsync(scenario, details));
    }

    private Task StepAsync(string scenario, Func<IParticipant, Task<IReadOnlyList<StepResult>>> step) =>
        Task.WhenAll(_participants.Select(async participant =>
        {
            IReadOnlyList<StepResult> results;
            try
            {
                results = await step(participant);
            }
            catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or IOException)
            {
                // A driver that is gone fails its rows, not those of the others.
                results = [.. Combinations.Transports.Select(transport => new StepResult(transport, Ok: false, exception.Message))];
            }

            lock (_errors)
            {
                foreach (var result in results)
                {
                    // The first error is the one that explains the others.
                    var key = (participant.Name, result.Transport, scenario);
                    if (!_errors.TryGetValue(key, out var earlier) || earlier.Length == 0)
                    {
                        _errors[key] = result.Error;
                    }
                }
            }
        }));
}
