using System.Net;
using Tandem.Compat.Tests.Classic.DotNet;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>
/// A gateway behind a proxy and the classic application, on Mono and on .NET, with every classic client on every route and transport
/// connected at the same time. Runs once; the tests read what came of it.
/// </summary>
public sealed class ClassicLifeCycleRun : IAsyncLifetime
{
    // The allowance that the gateway makes for clocks that differ: a token that has just less left than this is about to expire.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(12);

    private readonly Dictionary<(string Client, string Runtime, string Route, string Transport, string Scenario), string> _errors = [];
    private readonly List<IClassicParticipant> _participants = [];
    private readonly GatewayProcess _gateway = new();
    private readonly Dictionary<string, LegacyAppProcess> _apps = [];
    private readonly Dictionary<string, (string Id, string[] Heard)> _lost = [];
    private CuttableProxy? _proxy;
    private string? _crash;

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

        foreach (var app in _apps.Values)
        {
            await app.DisposeAsync();
        }

        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    internal void AssertHeld(string client, string runtime, string route, string transport, string scenario)
    {
        if (!_errors.TryGetValue((client, runtime, route, transport, scenario), out var error))
        {
            Assert.Fail($"It did not come to this scenario: {_crash}");
        }

        Assert.True(error.Length == 0, error);
    }

    internal void AssertLostClientLeft(string runtime)
    {
        Assert.True(_lost.TryGetValue(runtime, out var lost), $"It did not come to this: {_crash}");
        Assert.Equal([$"connected {lost.Id}", $"disconnected {lost.Id} stopCalled=False"], lost.Heard);
    }

    // Polls end soon, so that silence is noticed soon. Keep-alives come less often than they could: on a busy machine clients would miss
    // some and come back without need; with these they notice silence as soon as those that poll.
    private static string[] Settings() =>
    [
        "--Tandem:Classic:KeepAlive=00:00:05", "--Tandem:Classic:ConnectionTimeout=00:00:03", "--Tandem:Limits:WaitForServer=00:00:20",
        $"--Tandem:DataProtection:Directory={Path.Combine(Repository.Artifacts, "keys")}", .. Paths(ClassicRuns.Mono), .. Paths(ClassicRuns.Net),
    ];

    // A path for clients that come back, and one for those that do not.
    private static string[] Paths(string runtime) =>
    [
        $"--Tandem:Classic:Applications:{runtime}:Path={ClassicStage.DirectPath(runtime)}", $"--Tandem:Classic:Applications:{runtime}:AllowAnonymous=true",
        $"--Tandem:Classic:Applications:{runtime}-brief:Path={BriefPath(runtime)}", $"--Tandem:Classic:Applications:{runtime}-brief:AllowAnonymous=true",
        $"--Tandem:Classic:Applications:{runtime}-brief:Application={runtime}", $"--Tandem:Classic:Applications:{runtime}-brief:DisconnectTimeout=00:00:06",
        $"--Tandem:Classic:Applications:{runtime}-brief:KeepAlive=00:00:02",
    ];

    private static string BriefPath(string runtime) => $"/{runtime}/brief";

    private async Task RunAsync()
    {
        await _gateway.StartAsync(Settings());
        _proxy = new CuttableProxy(_gateway.Url);
        foreach (var runtime in new[] { ClassicRuns.Mono, ClassicRuns.Net })
        {
            _apps[runtime] = new LegacyAppProcess(runtime, runtime == ClassicRuns.Mono, $"{_gateway.ConnectionString}ClientEndpoint={_proxy.Url};");
        }

        await Task.WhenAll(_apps.Values.Select(app => app.StartAsync()));
        foreach (var (runtime, app) in _apps)
        {
            _participants.Add(new ClassicDotNetParticipant(app, runtime, _proxy.Url));
            _participants.Add(await ClassicPageParticipant.StartAsync(app, runtime, _gateway, _proxy.Url));
        }

        await LoseClientsAsync(() => CutAsync(_proxy));
        await ScenarioAsync(ClassicLifeCycleScenarios.PeerIsSilent, new ClassicStepDetails("silent"), async senders =>
        {
            _proxy.Stall();
            await senders.SendAsync(30);
        });
        await ExpireTokensAsync(_proxy);
        await ScenarioAsync(ClassicLifeCycleScenarios.AppServerIsKilled, new ClassicStepDetails("killed"), async senders =>
        {
            await Task.WhenAll(_apps.Values.Select(app => app.KillAsync()));
            await Task.WhenAll(_apps.Values.Select(app => app.StartAsync()));
            await senders.ReturnAsync();
        });
        await ScenarioAsync(ClassicLifeCycleScenarios.GatewayIsKilled, new ClassicStepDetails("restarted"), async _ =>
        {
            await _gateway.KillAsync();
            await _gateway.StartAsync(Settings());
            await Task.WhenAll(_apps.Values.Select(app => app.UntilServedAsync()));
        });
    }

    private Task CutAsync(CuttableProxy proxy) =>
        ScenarioAsync(ClassicLifeCycleScenarios.TransportIsCut, new ClassicStepDetails("cut"), senders => SendDuringCutAsync(proxy, senders));

    private static async Task SendDuringCutAsync(CuttableProxy proxy, NumberedSenders senders)
    {
        proxy.Cut();
        await senders.SendAsync(30);
        proxy.Restore();
    }

    /// <summary>A client of each application that is never seen again, while something else happens.</summary>
    private async Task LoseClientsAsync(Func<Task> meanwhile)
    {
        await using var gone = new CuttableProxy(_gateway.Url);
        Dictionary<string, (ClassicClient Client, string Id)> clients = [];
        foreach (var runtime in _apps.Keys)
        {
            var client = new ClassicClient(gone.Url + BriefPath(runtime), new Dictionary<string, string>(), Combinations.WebSockets);
            await client.StartAsync();
            clients[runtime] = (client, client.Id);
        }

        gone.Cut();
        await meanwhile();
        foreach (var (runtime, (client, id)) in clients)
        {
            await _apps[runtime].UntilPrintedAsync($"disconnected {id} stopCalled=False");
            await client.CountAsync("closed", 1);
            _lost[runtime] = (id, _apps[runtime].Printed(id));
        }
    }

    private async Task ExpireTokensAsync(CuttableProxy proxy)
    {
        var expires = DateTime.UtcNow - ClockSkew + TokenLifetime;
        var tokens = _apps.Keys.ToDictionary(runtime => runtime, runtime => _gateway.ClassicToken(runtime, expires: expires));
        await ScenarioAsync(ClassicLifeCycleScenarios.TokenExpires, new ClassicStepDetails("expired"), async senders =>
        {
            foreach (var token in tokens.Values)
            {
                await HttpProbe.UntilStatusAsync($"{_gateway.Url}/aspnetclient/negotiate?clientProtocol=2.1&access_token={token}", HttpStatusCode.Unauthorized);
            }

            await SendDuringCutAsync(proxy, senders);
        }, tokens);
    }

    /// <summary>All clients prepare, then something happens among messages to all of them, then all look what became of them.</summary>
    private async Task ScenarioAsync(
        string scenario, ClassicStepDetails details, Func<NumberedSenders, Task> happening, Dictionary<string, string>? tokens = null)
    {
        await using var senders = await NumberedSenders.StartAsync(_apps.Keys.Select(runtime => _gateway.Url + ClassicStage.DirectPath(runtime)), details.Group);
        await StepAsync(scenario, participant => participant.PrepareAsync(scenario, details with { Token = tokens?[participant.Runtime] }));
        await senders.SendAsync(5);
        await happening(senders);
        if (scenario != ClassicLifeCycleScenarios.GatewayIsKilled)
        {
            await senders.SendAsync(5);
        }

        details = details with { Count = senders.Count };
        await StepAsync(scenario, participant => participant.VerifyAsync(scenario, details));
    }

    private Task StepAsync(string scenario, Func<IClassicParticipant, Task<IReadOnlyList<ClassicStepResult>>> step) =>
        Task.WhenAll(_participants.Select(async participant =>
        {
            IReadOnlyList<ClassicStepResult> results;
            try
            {
                results = await step(participant);
            }
            catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or IOException)
            {
                // A driver that is gone fails its rows, not those of the others.
                results =
                [
                    .. ClassicLifeCycleRows.CombinationsOf(participant.Name, participant.Runtime, scenario)
                        .Select(way => new ClassicStepResult(way.Route, way.Transport, Ok: false, exception.Message)),
                ];
            }

            lock (_errors)
            {
                foreach (var result in results)
                {
                    // The first error is the one that explains the others.
                    var key = (participant.Name, participant.Runtime, result.Route, result.Transport, scenario);
                    if (!_errors.TryGetValue(key, out var earlier) || earlier.Length == 0)
                    {
                        _errors[key] = result.Error;
                    }
                }
            }
        }));
}
