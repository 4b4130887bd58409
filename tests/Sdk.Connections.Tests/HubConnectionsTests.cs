using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class HubConnectionsTests : IAsyncLifetime
{
    private readonly LogSink _log = new();
    private ScriptedGateway _east = null!;
    private ScriptedGateway _west = null!;
    private HubConnections _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _east = await ScriptedGateway.StartAsync();
        _west = await ScriptedGateway.StartAsync();
        var settings = new ServerConnectionSettings("server-1", "Tandem.Sdk/1.0", TimeProvider.System) { InitialCount = 1 };
        _hub = new HubConnections(
            settings, [new TandemEndpoint(_east.ConnectionString, name: "east"), new TandemEndpoint(_west.ConnectionString, name: "west")],
            "chat", new RecordingHandler(), _log.CreateLogger("hub"));
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync().Within();
        _hub.Dispose();
        await _east.DisposeAsync();
        await _west.DisposeAsync();
    }

    [Fact]
    public async Task A_message_goes_to_every_endpoint()
    {
        await StartAsync();

        await _hub.WriteAsync(new BroadcastDataMessage(["x"], default)).Within();

        await _east.TakeAsync<BroadcastDataMessage>();
        await _west.TakeAsync<BroadcastDataMessage>();
    }

    [Theory]
    [InlineData(AckStatus.NotFound, AckStatus.Ok, true)]
    [InlineData(AckStatus.Ok, AckStatus.NotFound, true)]
    [InlineData(AckStatus.InternalServerError, AckStatus.Ok, true)]
    [InlineData(AckStatus.NotFound, AckStatus.NotFound, false)]
    public async Task One_yes_is_a_yes(AckStatus east, AckStatus west, bool expected)
    {
        _east.Acknowledge = east;
        _west.Acknowledge = west;
        await StartAsync();

        Assert.Equal(expected, await _hub.AskAsync(static id => new JoinGroupMessage("c", "g", id), CancellationToken.None).Within());
    }

    [Fact]
    public async Task An_error_counts_when_nobody_says_yes()
    {
        _east.Acknowledge = AckStatus.InternalServerError;
        _west.Acknowledge = AckStatus.NotFound;
        await StartAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => _hub.AskAsync(static id => new JoinGroupMessage("c", "g", id), CancellationToken.None).Within());
    }

    [Fact]
    public async Task One_connected_endpoint_is_enough_and_none_throws()
    {
        await StartAsync();
        await _east.CrashAsync();
        await Eventually.TrueAsync(() => _hub.Sets[0].ConnectedCount == 0, "the loss of east");

        await _hub.WriteAsync(new BroadcastDataMessage([], default)).Within();
        await _west.TakeAsync<BroadcastDataMessage>();
        Assert.True(await _hub.AskAsync(static id => new JoinGroupMessage("c", "g", id), CancellationToken.None).Within());

        await _west.CrashAsync();
        await Eventually.TrueAsync(() => _hub.Sets[1].ConnectedCount == 0, "the loss of west");
        var error = await Assert.ThrowsAsync<TandemNotConnectedException>(() => _hub.WriteAsync(new BroadcastDataMessage([], default)).Within());
        Assert.Equal("chat", error.Hub);
        Assert.Contains("east", error.Message, StringComparison.Ordinal);
        Assert.Contains("west", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TandemNotConnectedException>(
            () => _hub.AskAsync(static id => new JoinGroupMessage("c", "g", id), CancellationToken.None).Within());
    }

    [Fact]
    public async Task An_endpoint_that_is_away_is_logged_once_and_once_more_when_it_is_back()
    {
        await StartAsync();
        await _east.CrashAsync();
        await Eventually.TrueAsync(() => _hub.Sets[0].ConnectedCount == 0, "the loss of east");

        for (var i = 0; i < 5; i++)
        {
            await _hub.WriteAsync(new BroadcastDataMessage([], default)).Within();
        }

        await _east.RestartAsync();
        await Eventually.TrueAsync(() => _hub.Sets[0].ConnectedCount == 1, "the return of east");
        await _hub.WriteAsync(new BroadcastDataMessage([], default)).Within();
        await _hub.WriteAsync(new BroadcastDataMessage([], default)).Within();

        Assert.Single(_log.Entries, static entry => entry.EventName == "EndpointMissed");
        Assert.Contains("5 did not", Assert.Single(_log.Entries, static entry => entry.EventName == "EndpointReached").Message, StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        _hub.Start();
        await Eventually.TrueAsync(() => _hub.Sets.All(static set => set.ConnectedCount == 1), "both endpoints");
    }
}
