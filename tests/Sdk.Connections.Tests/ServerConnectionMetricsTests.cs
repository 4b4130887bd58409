using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class ServerConnectionMetricsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MetricRecorder _recorder = new();
    private ScriptedGateway _gateway = null!;
    private ServerConnectionSet _set = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await ScriptedGateway.StartAsync();
        var settings = new ServerConnectionSettings("server-1", "Tandem.Sdk/1.0", _time, new ServerConnectionMetrics(_recorder)) { InitialCount = 2 };
        _set = new ServerConnectionSet(
            settings, new TandemEndpoint(_gateway.ConnectionString, name: "east"), "app_chat", new RecordingHandler(), NullLogger.Instance, static () => 0);
    }

    public async ValueTask DisposeAsync()
    {
        var stop = _set.StopAsync();
        await Eventually.TrueAsync(() => stop.IsCompleted, "the set stops", () => _time.Advance(TimeSpan.FromSeconds(1)));
        _set.Dispose();
        Assert.Empty(ReadConnections());
        _recorder.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Connections_are_counted_by_hub_endpoint_and_state_and_reconnects_once_each()
    {
        Assert.Empty(ReadConnections());
        _gateway.RefuseWith = 503;
        _set.Start();
        Assert.Equal((0, 2), Read());

        _gateway.RefuseWith = null;
        await ConnectedAsync(2);
        Assert.Equal((2, 0), Read());
        Assert.Empty(_recorder.Of("tandem.server.reconnects"));

        (await _gateway.AcceptAsync()).Abort();
        await Eventually.TrueAsync(() => _recorder.Of("tandem.server.reconnects").Length == 1, "the reconnect", () => _time.Advance(TimeSpan.FromSeconds(1)));
        await ConnectedAsync(2);
        Assert.Equal($"endpoint=east ({_gateway.Url}/),hub=app_chat", Assert.Single(_recorder.Of("tandem.server.reconnects")).Tags);
        Assert.Equal((2, 0), Read());
    }

    [Fact]
    public async Task Messages_and_their_bytes_are_counted_in_both_directions()
    {
        _set.Start();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 2 && Sum("sent").Messages == 2, "two handshakes");
        var server = await _gateway.AcceptAsync();
        var (sent, received) = (Sum("sent"), Sum("received"));
        var down = new BroadcastDataMessage(["c1"], default);
        var up = new PingMessage(ServicePing.OfflineKey, "node");

        await _set.TryWriteAsync(down);
        await _set.TryWriteAsync(down);
        await server.SendAsync(up);

        // A frame is counted as it came, without its length prefix of one byte.
        await Eventually.TrueAsync(() => Sum("sent") == Plus(sent, 2, 2 * Bytes(down)), "what was sent");
        await Eventually.TrueAsync(() => Sum("received") == Plus(received, 1, Bytes(up) - 1), "what was received");

        (double Messages, double Bytes) Sum(string direction) =>
            (_recorder.Sum("tandem.messages", $"direction={direction},hub=app_chat"), _recorder.Sum("tandem.bytes", $"direction={direction},hub=app_chat"));

        static (double, double) Plus((double Messages, double Bytes) before, int messages, int bytes) => (before.Messages + messages, before.Bytes + bytes);

        static int Bytes(ServiceMessage message) => ServiceProtocolWriter.WriteToArray(message).Length;
    }

    private Task ConnectedAsync(int count) =>
        Eventually.TrueAsync(() => _set.ConnectedCount == count, $"{count} connections", () => _time.Advance(TimeSpan.FromSeconds(1)));

    private (double Connected, double Connecting) Read()
    {
        var readings = ReadConnections();
        return (Of("connected"), Of("connecting"));

        double Of(string state) => readings.Single(reading => reading.Tags == $"endpoint=east ({_gateway.Url}/),hub=app_chat,state={state}").Value;
    }

    private MetricRecorder.Measurement[] ReadConnections()
    {
        var before = _recorder.Of("tandem.server.connections").Length;
        _recorder.Collect();
        return _recorder.Of("tandem.server.connections")[before..];
    }
}
