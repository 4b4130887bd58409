using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class ServerConnectionSetTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly RecordingHandler _handler = new();
    private readonly LogSink _log = new();
    private ScriptedGateway _gateway = null!;
    private ServerConnectionSet _set = null!;

    public async ValueTask InitializeAsync() => _gateway = await ScriptedGateway.StartAsync();

    public async ValueTask DisposeAsync()
    {
        var stop = _set.StopAsync();
        await Eventually.TrueAsync(() => stop.IsCompleted, "the set stops", () => _time.Advance(TimeSpan.FromSeconds(1)));
        _set.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task It_opens_the_configured_number_of_connections_and_introduces_itself()
    {
        Start(settings => settings.InitialCount = 3);

        var first = await _gateway.AcceptAsync();
        await _gateway.AcceptAsync();
        await _gateway.AcceptAsync();

        Assert.Equal("/server/", first.Path);
        Assert.Equal("app_chat", first.Hub);
        Assert.True(Guid.TryParse(first.Id, out _));
        Assert.Null(first.Target);
        Assert.Equal("server-1", first.Headers[ServiceHeaders.ServerId]);
        Assert.Equal("Tandem.Sdk/1.0", first.Headers[ServiceHeaders.UserAgent]);
        Assert.Equal("XMLHttpRequest", first.Headers["X-Requested-With"]);
        Assert.Equal(1, first.Handshake!.Version);
        Assert.Equal(ServerConnectionKind.Default, first.Handshake.Kind);
        var token = new JsonWebToken(first.Headers["Authorization"]["Bearer ".Length..]);
        Assert.Equal(["http://127.0.0.1/server/?hub=app_chat"], token.Audiences);
        Assert.Equal("server-1", token.GetClaim("nameid").Value);
        await Eventually.TrueAsync(() => _set.ConnectedCount == 3, "three connections");
        Assert.Null(_set.LastError);
    }

    [Fact]
    public async Task It_is_online_until_the_first_attempt_has_failed()
    {
        _gateway.RefuseWith = 401;
        Create();
        Assert.True(_set.IsOnline);

        _set.Start();

        await Eventually.TrueAsync(() => !_set.IsOnline, "the refusal");
        Assert.Contains("does not accept the AccessKey", _set.LastError!.Message, StringComparison.Ordinal);
        Assert.False(await _set.TryWriteAsync(PingMessage.KeepAlive));

        _gateway.RefuseWith = null;
        await Eventually.TrueAsync(() => _set.IsOnline, "the next attempt", () => _time.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_handshake_error_is_a_failed_attempt()
    {
        _gateway.HandshakeAnswer = new HandshakeResponseMessage("go away");
        Start();
        await Eventually.TrueAsync(() => _set.LastError is not null, "the refusal");
        Assert.Contains("go away", _set.LastError!.Message, StringComparison.Ordinal);

        _gateway.HandshakeAnswer = new HandshakeResponseMessage(string.Empty);
        await Eventually.TrueAsync(() => _set.ConnectedCount == 1, "the next attempt", () => _time.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_handshake_without_answer_fails_after_fifteen_seconds()
    {
        _gateway.HandshakeAnswer = null;
        Start();

        await Eventually.TrueAsync(() => _set.LastError is not null, "the timeout", () => _time.Advance(TimeSpan.FromSeconds(1)));

        Assert.IsType<TimeoutException>(_set.LastError);
    }

    [Fact]
    public async Task It_pings_every_five_seconds_and_drops_a_gateway_that_is_silent_for_thirty()
    {
        Start();
        var server = await ConnectedAsync();

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty((await server.TakeAsync<PingMessage>()).Pairs);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(1, _set.ConnectedCount);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("closed TimeoutException", await _handler.Log.TakeAsync(item => item.StartsWith("closed", StringComparison.Ordinal), "the end"));
        Assert.False(await server.Ended.Task.Within());
        await _gateway.AcceptAsync();
    }

    [Fact]
    public async Task Bytes_of_the_gateway_keep_a_connection_alive()
    {
        Start();
        var server = await ConnectedAsync();

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await server.SendAsync(new PingMessage(ServicePing.EchoKey, $"probe {i}"));
            await server.TakeAsync<PingMessage>(ping => ping[ServicePing.EchoKey] == $"probe {i}");
        }

        Assert.Equal(1, _set.ConnectedCount);
    }

    [Fact]
    public async Task Frames_are_read_as_a_stream_and_bad_ones_are_skipped()
    {
        Start();
        var server = await ConnectedAsync();
        byte[] bytes =
        [
            .. ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("c", Encoding.UTF8.GetBytes("one"))),
            3, 0xc1, 0xc1, 0xc1,
            .. ServiceProtocolWriter.WriteToArray(new OpenConnectionMessage("poison", [], [], string.Empty, null)),
            2, 0x91, 99,
            .. ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("c", Encoding.UTF8.GetBytes(new string('x', 100_000)))),
            .. ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage("c", Encoding.UTF8.GetBytes("two"), ConnectionDataKind.Other)),
        ];

        await server.SendRawAsync(bytes.AsMemory(0, 1));
        for (var start = 1; start < bytes.Length; start += 777)
        {
            await server.SendRawAsync(bytes.AsMemory(start, Math.Min(777, bytes.Length - start)));
        }

        await _handler.Log.TakeAsync(static item => item == "data c two", "the last frame");
        Assert.Equal(["data c one", nameof(OpenConnectionMessage), nameof(UnknownMessage), "data c " + new string('x', 100_000)], _handler.Log.Items);
    }

    [Fact]
    public async Task A_frame_that_is_too_large_ends_the_connection()
    {
        Start(settings => settings.MaxMessageBytes = 1000);
        var server = await ConnectedAsync();

        await server.SendRawAsync(new byte[] { 0xff, 0x7f });

        Assert.Equal("closed ProtocolViolationException", await _handler.Log.TakeAsync(static _ => true, "the end"));
    }

    [Fact]
    public async Task After_a_service_error_nothing_is_written_but_reading_goes_on()
    {
        Start();
        var server = await ConnectedAsync();

        await server.SendAsync(new ServiceErrorMessage("in maintenance"));
        await server.SendAsync(new ConnectionDataMessage("c", Encoding.UTF8.GetBytes("one")));
        await _handler.Log.TakeAsync(static item => item == "data c one", "data");

        Assert.False(await _set.TryWriteAsync(new BroadcastDataMessage([], default)));
        await server.CloseAsync();
        await _handler.Log.TakeAsync(static item => item.StartsWith("closed", StringComparison.Ordinal), "the end");
        Assert.Contains("in maintenance", _set.LastError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_comes_back_for_ever()
    {
        Start();
        for (var i = 0; i < 3; i++)
        {
            var server = await ConnectedAsync();
            server.Abort();
            await _handler.Log.TakeAsync(static item => item.StartsWith("closed", StringComparison.Ordinal), "the loss");
            await Eventually.TrueAsync(() => _gateway.New.Items.Count > 0, "the reconnect", () => _time.Advance(TimeSpan.FromSeconds(1)));
        }
    }

    [Fact]
    public async Task A_target_ping_opens_on_demand_connections_up_to_the_limit_and_they_do_not_come_back()
    {
        Start(settings => settings.MaxCount = 2);
        var server = await ConnectedAsync();

        await server.SendAsync(new PingMessage(ServicePing.TargetKey, "node b"));
        var onDemand = await _gateway.AcceptAsync();
        Assert.Equal("node b", onDemand.Target);
        Assert.Equal(ServerConnectionKind.OnDemand, onDemand.Handshake!.Kind);
        await Eventually.TrueAsync(() => _set.ConnectedCount == 2, "the on-demand connection");

        await server.SendAsync(new PingMessage(ServicePing.TargetKey, "node c"));
        await server.SendAsync(new PingMessage(ServicePing.EchoKey, "fence"));
        await server.TakeAsync<PingMessage>(static ping => ping[ServicePing.EchoKey] is not null);
        onDemand.Abort();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 1, "its end");
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(_gateway.New.Items);
    }

    [Fact]
    public async Task An_on_demand_connection_that_fails_or_ends_is_no_error_of_the_set()
    {
        Start();
        var server = await ConnectedAsync();

        _gateway.RefuseWith = 503;
        await server.SendAsync(new PingMessage(ServicePing.TargetKey, "node b"));
        await Eventually.TrueAsync(() => HasLogged("OnDemandFailed"), "the refusal");
        Assert.Null(_set.LastError);

        _gateway.RefuseWith = null;
        await server.SendAsync(new PingMessage(ServicePing.TargetKey, "node b"));
        var onDemand = await _gateway.AcceptAsync();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 2, "the on-demand connection");
        onDemand.Abort();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 1 && HasLogged("Lost"), "its end");
        Assert.Null(_set.LastError);
        Assert.False(HasLogged("ConnectFailed"));

        bool HasLogged(string eventName) => _log.Entries.Any(entry => entry.EventName == eventName);
    }

    [Fact]
    public async Task A_flow_stays_on_its_server_connection_until_that_is_gone()
    {
        Start(settings => settings.InitialCount = 4);
        for (var i = 0; i < 4; i++)
        {
            await _gateway.AcceptAsync();
        }

        await Eventually.TrueAsync(() => _set.ConnectedCount == 4, "four connections");
        ServerConnectionScope.Leave();
        for (var i = 0; i < 8; i++)
        {
            Assert.True(await _set.TryWriteAsync(new JoinGroupMessage("c", $"g{i}")));
        }

        var used = new List<ScriptedServerConnection>();
        for (var i = 0; i < 8; i++)
        {
            var group = $"g{i}";
            used.Add((await _gateway.Received.TakeAsync(item => item.Message is JoinGroupMessage join && join.GroupName == group, "a join")).Connection);
        }

        var only = Assert.Single(used.Distinct());
        only.Abort();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 3, "the loss");
        Assert.True(await _set.TryWriteAsync(new JoinGroupMessage("c", "last")));
        await _gateway.TakeAsync<JoinGroupMessage>(static join => join.GroupName == "last");
    }

    [Fact]
    public async Task Different_flows_spread_over_the_connections()
    {
        Start(settings => settings.InitialCount = 3);
        await Eventually.TrueAsync(() => _set.ConnectedCount == 3, "three connections");

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            ServerConnectionScope.Leave();
            await _set.TryWriteAsync(new JoinGroupMessage("c", $"g{i}"));
        })));

        await Eventually.TrueAsync(() => Joins().Count == 30, "all messages");
        Assert.Equal(3, Joins().Select(static join => join.Connection).Distinct().Count());

        List<ReceivedMessage> Joins() => _gateway.Received.Items.Where(static item => item.Message is JoinGroupMessage).ToList();
    }

    [Fact]
    public async Task Leaving_is_announced_until_it_is_acknowledged()
    {
        _gateway.AcknowledgeShutdown = false;
        Start();
        var server = await ConnectedAsync();

        var announced = _set.AnnounceShutdownAsync(ServicePing.FinWait, CancellationToken.None);
        Assert.Equal(ServicePing.FinWait, (await TakeShutdownAsync())[ServicePing.ShutdownKey]);
        _time.Advance(TimeSpan.FromSeconds(5));
        await TakeShutdownAsync();
        Assert.False(announced.IsCompleted);
        await server.SendAsync(new PingMessage(ServicePing.ShutdownKey, ServicePing.FinAck));

        await announced.Within();
        await _set.StopAsync().Within();
        Assert.True(await server.Ended.Task.Within());

        Task<PingMessage> TakeShutdownAsync() => server.TakeAsync<PingMessage>(static ping => ping[ServicePing.ShutdownKey] is not null);
    }

    [Fact]
    public async Task Acknowledgements_are_awaited_and_may_come_on_another_connection()
    {
        _gateway.Acknowledge = null;
        Start(settings => settings.InitialCount = 2);
        var first = await _gateway.AcceptAsync();
        await _gateway.AcceptAsync();
        await Eventually.TrueAsync(() => _set.ConnectedCount == 2, "two connections");

        var answer = _set.AskAsync(static id => new JoinGroupMessage("c", "g", id), CancellationToken.None);
        var join = await _gateway.TakeAsync<JoinGroupMessage>();
        await first.SendAsync(new AckMessage(join.AckId!.Value, AckStatus.Ok, null));

        Assert.True(await answer.Within());
    }

    private void Create(Action<ServerConnectionSettings>? configure = null)
    {
        var settings = new ServerConnectionSettings("server-1", "Tandem.Sdk/1.0", _time) { InitialCount = 1 };
        configure?.Invoke(settings);
        _set = new ServerConnectionSet(
            settings, new TandemEndpoint(_gateway.ConnectionString), "app_chat", _handler, _log.CreateLogger("set"), static () => 0);
    }

    private void Start(Action<ServerConnectionSettings>? configure = null)
    {
        Create(configure);
        _set.Start();
    }

    private async Task<ScriptedServerConnection> ConnectedAsync()
    {
        var server = await _gateway.AcceptAsync();
        await Eventually.TrueAsync(() => _set.ConnectedCount > 0, "the connection");
        return server;
    }
}
