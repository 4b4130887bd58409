using Tandem.Compat.Tests.Classic.DotNet;
using Tandem.Compat.Tests.LifeCycle;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>The .NET client. Does what <c>compat-tests/js/classic/life-cycle.mjs</c> does.</summary>
internal sealed class ClassicDotNetParticipant(LegacyAppProcess app, string gatewayUrl) : IClassicParticipant
{
    public const string Client = "dotnet";

    private readonly Dictionary<(string Scenario, string Transport), (ClassicClient Client, string Id)> _states = [];

    public string Name => Client;

    public Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, ClassicStepDetails details) => OnEveryTransportAsync(scenario, async transport =>
    {
        var client = details.Token is null
            ? new ClassicClient($"{app.Url}/signalr", new Dictionary<string, string>(), transport)
            : new ClassicClient($"{gatewayUrl}/aspnetclient", new Dictionary<string, string> { ["access_token"] = details.Token }, transport);
        await client.StartAsync();
        lock (_states)
        {
            _states[(scenario, transport)] = (client, client.Id);
        }

        await client.InvokeAsync("JoinGroup", details.Group);
    });

    public Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, ClassicStepDetails details) => OnEveryTransportAsync(scenario, async transport =>
    {
        var (client, id) = _states[(scenario, transport)];
        if (scenario == ClassicLifeCycleScenarios.GatewayIsKilled)
        {
            await VerifyEndedAsync(client, id);
        }
        else
        {
            await VerifyKeptAsync(client, id, details);
        }
    });

    public async ValueTask DisposeAsync() => await Task.WhenAll(_states.Values.Select(state => state.Client.StopAsync()));

    /// <summary>Nothing is lost, nothing comes twice, and the connection is the one it was.</summary>
    private async Task VerifyKeptAsync(ClassicClient client, string id, ClassicStepDetails details)
    {
        await client.CountAsync("back", 1);
        Assert.Equal(Enumerable.Range(0, details.Count).Select(number => $"{number}"), await client.CountAsync($"group:{details.Group}", details.Count));
        Assert.Equal(id, client.Id);
        Assert.Equal(3, await client.InvokeAsync<int>("Add", 1, 2));
        await client.StopAsync();
        await app.UntilPrintedAsync($"disconnected {id} stopCalled=True");
        var heard = app.Printed(id);
        Assert.Single(heard, $"connected {id}");
        Assert.Single(heard, line => line.StartsWith("disconnected", StringComparison.Ordinal));
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

    private static async Task<IReadOnlyList<StepResult>> OnEveryTransportAsync(string scenario, Func<string, Task> step) =>
        await Task.WhenAll(ClassicLifeCycleRows.TransportsOf(Client, scenario).Select(async transport =>
        {
            try
            {
                await step(transport);
                return new StepResult(transport, Ok: true, "");
            }
            catch (Exception exception)
            {
                return new StepResult(transport, Ok: false, exception.ToString());
            }
        }));
}
