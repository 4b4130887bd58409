using Microsoft.AspNetCore.SignalR.Client;
using Tandem.Compat.Tests.DotNet;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>The .NET client. Does what <c>compat-tests/js/life-cycle.mjs</c> does.</summary>
internal sealed class DotNetParticipant(string appUrl) : IParticipant
{
    public const string Client = "dotnet";

    // Often enough to come back soon, long enough for a slow machine's restart.
    private static readonly TimeSpan[] RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(250), 240)];

    private readonly Dictionary<string, State> _states = [];

    public string Name => Client;

    public Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, StepDetails details) => OnEveryTransportAsync(async transport =>
    {
        var stage = new DotNetStage(appUrl, transport, Combinations.Json);
        var state = new State(stage);
        lock (_states)
        {
            _states[transport] = state;
        }

        switch (scenario)
        {
            case LifeCycleScenarios.ClientIsRefused:
                break;
            case LifeCycleScenarios.ClientWaits:
                state.Connecting = ConnectDirectlyAsync(stage, details.Waiting!);
                break;
            default:
                state.Plain = await stage.ConnectAsync();
                state.Steady = await stage.ConnectAsync(build: builder => builder.WithAutomaticReconnect(RetryDelays));
                state.FirstId = state.Steady.ConnectionId;
                Assert.Equal(3, await state.Steady.InvokeAsync<int>("Add", 1, 2));
                break;
        }
    });

    public Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, StepDetails details) => OnEveryTransportAsync(async transport =>
    {
        var state = _states[transport];
        await using var stage = state.Stage;
        switch (scenario)
        {
            case LifeCycleScenarios.ClientIsRefused:
                var error = await Assert.ThrowsAsync<HttpRequestException>(() => ConnectDirectlyAsync(stage, details.Refused!));
                Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, error.StatusCode);
                break;
            case LifeCycleScenarios.ClientWaits:
                Assert.Equal(7, await (await state.Connecting!).InvokeAsync<int>("Add", 3, 4));
                break;
            case LifeCycleScenarios.AppServerShutsDown when CompatStage.ThroughGateway:
                // The app server takes no new clients, and those that are there may finish.
                Assert.Equal(7, await state.Plain!.InvokeAsync<int>("Add", 3, 4));
                await state.Plain.StopAsync();
                Assert.Null(await state.Plain.ClosedAsync());
                break;
            case LifeCycleScenarios.AppServerShutsDown:
                await state.Plain!.ClosedAsync();
                break;
            default:
                await VerifyComingBackAsync(state);
                break;
        }
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var state in _states.Values)
        {
            await state.Stage.DisposeAsync();
        }
    }

    private static async Task VerifyComingBackAsync(State state)
    {
        await state.Plain!.ClosedAsync();

        var newId = (await state.Steady!.CountAsync("Reconnected", 1))[0];
        Assert.NotEqual(state.FirstId, newId);
        Assert.Equal(state.Steady.ConnectionId, newId);
        Assert.NotEmpty(state.Steady.All("Reconnecting"));
        await state.Steady.SeesAsync(newId, "Welcome");
        Assert.Equal(7, await state.Steady.InvokeAsync<int>("Add", 3, 4));
        List<int> items = [];
        await state.Steady.StreamAsync(items, "Count", 3);
        Assert.Equal([0, 1, 2], items);
    }

    private static Task<DotNetClient> ConnectDirectlyAsync(DotNetStage stage, DirectAddress address) => stage.ConnectAsync(
        url: new Uri(address.Url), configure: options => options.AccessTokenProvider = () => Task.FromResult<string?>(address.Token));

    private static async Task<IReadOnlyList<StepResult>> OnEveryTransportAsync(Func<string, Task> step) =>
        await Task.WhenAll(Combinations.Transports.Select(async transport =>
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

    private sealed class State(DotNetStage stage)
    {
        public DotNetStage Stage { get; } = stage;

        public DotNetClient? Plain { get; set; }

        public DotNetClient? Steady { get; set; }

        public string? FirstId { get; set; }

        public Task<DotNetClient>? Connecting { get; set; }
    }
}
