using System.Net;
using Tandem.Compat.Tests.Classic.DotNet;
using Tandem.Compat.Tests.LifeCycle;
using Tandem.Compat.Tests.Processes;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>
/// A gateway behind a proxy and the classic application on Mono, with every classic client on every transport connected at the
/// same time. Runs once; the tests read what came of it.
/// </summary>
public sealed class ClassicLifeCycleRun : IAsyncLifetime
{
    // The allowance that the gateway makes for clocks that differ: a token that has just less left than this is about to expire.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly HttpClient Http = new() { Timeout = Deadlines.Step };

    private readonly Dictionary<(string Client, string Transport, string Scenario), string> _errors = [];
    private readonly List<IClassicParticipant> _participants = [];
    private readonly GatewayProcess _gateway = new();
    private CuttableProxy? _proxy;
    private LegacyAppProcess? _app;
    private string? _crash;
    private string? _lostId;
    private string[]? _heardOfLost;

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

        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    internal void AssertHeld(string client, string transport, string scenario)
    {
        if (!_errors.TryGetValue((client, transport, scenario), out var error))
        {
            Assert.Fail($"It did not come to this scenario: {_crash}");
        }

        Assert.True(error.Length == 0, error);
    }

    internal void AssertLostClientLeft()
    {
        Assert.True(_heardOfLost is not null, $"It did not come to this: {_crash}");
        Assert.Equal([$"connected {_lostId}", $"disconnected {_lostId} stopCalled=False"], _heardOfLost);
    }

    // Keep-alives as often as can be, and polls that end soon, so that silence is noticed soon.
    private static string[] Settings() =>
    [
        "--Tandem:Classic:KeepAlive=00:00:02", "--Tandem:Classic:ConnectionTimeout=00:00:03", "--Tandem:Limits:WaitForServer=00:00:20",
        $"--Tandem:Classic:Applications:{ClassicRuns.Mono}:AllowAnonymous=true",
        $"--Tandem:Classic:Applications:{ClassicRuns.Mono}:DisconnectTimeout=00:00:06",
        $"--Tandem:DataProtection:Directory={Path.Combine(Repository.Artifacts, "keys")}",
    ];

    private async Task RunAsync()
    {
        await _gateway.StartAsync(Settings());
        _proxy = new CuttableProxy(_gateway.Url);
        _app = new LegacyAppProcess(ClassicRuns.Mono, onMono: true, $"{_gateway.ConnectionString}ClientEndpoint={_proxy.Url};");
        await _app.StartAsync();
        _participants.Add(new ClassicDotNetParticipant(_app, _proxy.Url));
        _participants.Add(await ClassicPageParticipant.StartAsync(_app, _gateway, _proxy.Url));

        await LoseClientAsync(_proxy, _app, () => CutAsync(_proxy));
        await ScenarioAsync(ClassicLifeCycleScenarios.PeerIsSilent, new ClassicStepDetails("silent"), async sender =>
        {
            _proxy.Stall();
            await sender.SendAsync(30);
        });
        await ExpireTokenAsync(_proxy);
        await ScenarioAsync(ClassicLifeCycleScenarios.AppServerIsKilled, new ClassicStepDetails("killed"), async sender =>
        {
            await _app.KillAsync();
            await _app.StartAsync();
            await sender.ReturnAsync();
        });
        await ScenarioAsync(ClassicLifeCycleScenarios.GatewayIsKilled, new ClassicStepDetails("restarted"), async _ =>
        {
            await _gateway.KillAsync();
            await _gateway.StartAsync(Settings());
            await _app.UntilServedAsync();
        });
    }

    private Task CutAsync(CuttableProxy proxy) =>
        ScenarioAsync(ClassicLifeCycleScenarios.TransportIsCut, new ClassicStepDetails("cut"), sender => SendDuringCutAsync(proxy, sender));

    private static async Task SendDuringCutAsync(CuttableProxy proxy, NumberedSender sender)
    {
        proxy.Cut();
        await sender.SendAsync(30);
        proxy.Restore();
    }

    /// <summary>A client that is never seen again, while something else happens.</summary>
    private async Task LoseClientAsync(CuttableProxy proxy, LegacyAppProcess app, Func<Task> meanwhile)
    {
        await using var gone = new CuttableProxy(_gateway.Url);
        var client = new ClassicClient($"{gone.Url}/signalr", new Dictionary<string, string>(), Combinations.WebSockets);
        await client.StartAsync();
        _lostId = client.Id;
        gone.Cut();
        await meanwhile();
        await app.UntilPrintedAsync($"disconnected {_lostId} stopCalled=False");
        await client.CountAsync("closed", 1);
        _heardOfLost = app.Printed(_lostId);
    }

    private async Task ExpireTokenAsync(CuttableProxy proxy)
    {
        var token = _gateway.ClassicToken(ClassicRuns.Mono, expires: DateTime.UtcNow - ClockSkew + TokenLifetime);
        await ScenarioAsync(ClassicLifeCycleScenarios.TokenExpires, new ClassicStepDetails("expired", Token: token), async sender =>
        {
            for (var status = HttpStatusCode.OK; status != HttpStatusCode.Unauthorized;)
            {
                await Task.Delay(Pause);
                using var response = await Http.GetAsync(new Uri($"{_gateway.Url}/aspnetclient/negotiate?clientProtocol=2.1&access_token={token}"));
                status = response.StatusCode;
            }

            await SendDuringCutAsync(proxy, sender);
        });
    }

    /// <summary>All clients prepare, then something happens among messages to all of them, then all look what became of them.</summary>
    private async Task ScenarioAsync(string scenario, ClassicStepDetails details, Func<NumberedSender, Task> happening)
    {
        await using var sender = await NumberedSender.StartAsync(_gateway.Url + "/signalr", details.Group);
        await StepAsync(scenario, participant => participant.PrepareAsync(scenario, details));
        await sender.SendAsync(5);
        await happening(sender);
        if (scenario != ClassicLifeCycleScenarios.GatewayIsKilled)
        {
            await sender.SendAsync(5);
        }

        details = details with { Count = sender.Count };
        await StepAsync(scenario, participant => participant.VerifyAsync(scenario, details));
    }

    private Task StepAsync(string scenario, Func<IClassicParticipant, Task<IReadOnlyList<StepResult>>> step) =>
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
