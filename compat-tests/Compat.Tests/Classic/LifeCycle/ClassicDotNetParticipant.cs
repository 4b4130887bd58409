using Tandem.Compat.Tests.Classic.DotNet;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>The .NET client. Does what <c>compat-tests/js/classic/life-cycle.mjs</c> does.</summary>
internal sealed class ClassicDotNetParticipant(LegacyAppProcess app, string runtime, string gatewayUrl) : IClassicParticipant
{
    public const string Client = "dotnet";

    private readonly Dictionary<(string Scenario, string Route, string Transport), (ClassicClient Client, string Id)> _states = [];

    public string Name => Client;

    public string Runtime => runtime;

    public Task<IReadOnlyList<ClassicStepResult>> PrepareAsync(string scenario, ClassicStepDetails details) => OnEveryWayAsync(scenario, async (route, transport) =>
    {
        var direct = gatewayUrl + ClassicStage.DirectPath(runtime);
        var isDirect = route == ClassicRoutes.Direct;
        var client = details.Token is null
            ? new ClassicClient(isDirect ? direct : $"{app.Url}/signalr", new Dictionary<string, string>(), transport)
            : new ClassicClient(isDirect ? direct : $"{gatewayUrl}/aspnetclient", new Dictionary<string, string> { ["access_token"] = details.Token }, transport);
        await client.StartAsync();
        lock (_states)
        {
            _states[(scenario, route, transport)] = (client, client.Id);
        }

        await client.InvokeAsync("JoinGroup", details.Group);
    });

    public Task<IReadOnlyList<ClassicStepResult>> VerifyAsync(string scenario, ClassicStepDetails details) => OnEveryWayAsync(scenario, async (route, transport) =>
    {
        var (client, id) = _states[(scenario, route, transport)];
        if (scenario == ClassicLifeCycleScenarios.GatewayIsKilled)
        {
            await VerifyEndedAsync(client, id);
        }
        else
        {
            await VerifyKeptAsync(client, id, scenario, details);
        }
    });

    public async ValueTask DisposeAsync() => await Task.WhenAll(_states.Values.Select(state => state.Client.StopAsync()));

    /// <summary>Nothing is lost, nothing comes twice, and the connection is the one it was.</summary>
    private async Task VerifyKeptAsync(ClassicClient client, string id, string scenario, ClassicStepDetails details)
    {
        await client.CountAsync("back", 1);
        Assert.Equal(Enumerable.Range(0, details.Count).Select(number => $"{number}"), await client.CountAsync($"group:{details.Group}", details.Count));
        Assert.Equal(id, client.Id);
        Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
        await client.StopAsync();
        await app.UntilPrintedAsync($"disconnected {id} stopCalled=True");

        // An application that was killed hears that the client comes, for it is another one. That it comes back it hears only of those that
        // asked to reconnect once more while it was starting.
        var isAnother = scenario == ClassicLifeCycleScenarios.AppServerIsKilled;
        var back = $"reconnected {id}";
        string[] returns = isAnother ? [] : [back];
        var heard = app.Printed(id).Where(line => !isAnother || line != back);
        Assert.Equal([$"connected {id}", .. returns, $"disconnected {id} stopCalled=True"], heard);
        Assert.Single(client.All("back"));
        Assert.Equal(details.Count, client.All($"group:{details.Group}").Length);
    }

    /// <summary>The connection is gone, the client says why, and the next start makes a new one.</summary>
    private static async Task VerifyEndedAsync(ClassicClient client, string id)
    {
        await client.CountAsync("closed", 1);
        Assert.Contains(client.All("error"), error => error.Contains("no such connection", StringComparison.Ordinal));
        await client.StartAsync();
        Assert.NotEqual(id, client.Id);
        Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
        await client.StopAsync();
    }

    private async Task<IReadOnlyList<ClassicStepResult>> OnEveryWayAsync(string scenario, Func<string, string, Task> step) =>
        await Task.WhenAll(ClassicLifeCycleRows.CombinationsOf(Client, runtime, scenario).Select(async way =>
        {
            try
            {
                await step(way.Route, way.Transport);
                return new ClassicStepResult(way.Route, way.Transport, Ok: true, "");
            }
            catch (Exception exception)
            {
                return new ClassicStepResult(way.Route, way.Transport, Ok: false, exception.ToString());
            }
        }));
}
