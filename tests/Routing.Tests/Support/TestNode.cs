using Microsoft.Extensions.Time.Testing;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;
using Tandem.Testing;

namespace Tandem.Routing.Tests.Support;

/// <summary>The whole routing core of a node with fake time, and fake sockets on both sides.</summary>
internal sealed class TestNode : IDisposable
{
    private int _names;

    public TestNode(Action<RoutingOptions>? configure = null, MetricRecorder? metrics = null)
    {
        configure?.Invoke(Options);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        Recorded = metrics ?? new MetricRecorder();
        Metrics = new RoutingMetrics(Recorded);
        Hubs = new HubTable(options);
        Invocations = new PendingInvocations(options, Time);
        Clients = new ConnectionRouter(Table, Hubs, Invocations, options, Mixing, Dialects, Metrics, Ledger = new ClientLedger(Time), Time, Log.For<ConnectionRouter>());
        Messages = new MessageRouter(Table, Hubs, Clients, Invocations, Ids, options, Mixing, Dialects, Metrics, Time, Log.For<MessageRouter>());
        Servers = new ServerConnectionRegistry(Clients, Metrics, Log.For<ServerConnectionRegistry>());
        Balancer = new ServerConnectionBalancer(Hubs, Ids, options, Time);
        Expiry = new UserGroupExpiry(Hubs, Time);
    }

    public RoutingOptions Options { get; } = new();

    public SettableOptions<MixingOptions> Mixing { get; } = new(new MixingOptions());

    public ClientLedger Ledger { get; }

    public DialectTable Dialects { get; } = new([]);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LogSink Log { get; } = new();

    public MetricRecorder Recorded { get; }

    public RoutingMetrics Metrics { get; }

    public ConnectionIds Ids { get; } = new();

    public ClientConnectionTable Table { get; } = new();

    public HubTable Hubs { get; }

    public PendingInvocations Invocations { get; }

    public ConnectionRouter Clients { get; }

    public MessageRouter Messages { get; }

    public ServerConnectionRegistry Servers { get; }

    public IHeartbeatHandler Balancer { get; }

    public IHeartbeatHandler Expiry { get; }

    public HubState Hub(string name = "chat") => Hubs.GetOrAdd(name)!;

    /// <summary>A server connection that is not attached yet.</summary>
    public FakeServerConnection NewServer(
        string serverId = "s1", string hub = "chat", ServerConnectionKind kind = ServerConnectionKind.Default, MigrationLevel migration = MigrationLevel.Off) =>
        new(Hub(hub), $"sc{Interlocked.Increment(ref _names)}", serverId) { Kind = kind, MigrationLevel = migration };

    /// <summary>An attached server connection.</summary>
    public FakeServerConnection AddServer(
        string serverId = "s1", string hub = "chat", ServerConnectionKind kind = ServerConnectionKind.Default, MigrationLevel migration = MigrationLevel.Off)
    {
        var server = NewServer(serverId, hub, kind, migration);
        Servers.Attach(server);
        return server;
    }

    /// <summary>An attached server connection of a classic app server.</summary>
    public FakeServerConnection AddClassicServer(string hub, string serverId = "s1")
    {
        var server = new FakeServerConnection(Hub(hub), $"sc{Interlocked.Increment(ref _names)}", serverId) { Family = ProtocolFamily.Classic };
        Servers.Attach(server);
        return server;
    }

    /// <summary>A classic client of the application <c>app</c> that survives its app server.</summary>
    public async Task<TestClient> ConnectClassicAsync(string[] hubs, string? user = null, List<string>? taken = null)
    {
        var physical = new FakePhysicalConnection { SurvivesServer = true, Taken = taken };
        var client = new ClientDescriptor
        {
            ConnectionId = Ids.NewGuidConnectionId(),
            Hub = "app_app",
            MemberHubs = hubs,
            Encoder = TestEncoders.Classic,
            Transport = "webSockets",
            UserId = user,
        };
        var result = await BeginConnect(physical, client).InTimeAsync();
        Assert.Equal(CloseReason.None, result.Reason);
        return new TestClient(this, physical, result.Connection!);
    }

    public FakeServerConnection AddWeakServer(string serverId = "management", string hub = "chat") =>
        AddServer(serverId, hub, ServerConnectionKind.Weak);

    /// <summary>A server connection is lost, told in the order the contract wants.</summary>
    public void Lose(FakeServerConnection server)
    {
        server.StopClients();
        Servers.Detach(server);
    }

    public ClientDescriptor Descriptor(
        string hub = "chat", string? user = null, FrameEncoder? encoder = null, string? sticky = null, bool required = false, string handshake = "hs") =>
        new()
        {
            ConnectionId = Ids.NewConnectionId(),
            Hub = hub,
            Encoder = encoder ?? TestEncoders.Json,
            Transport = "webSockets",
            UserId = user,
            Claims = [new("role", "guest")],
            Headers = [new("X-Test", ["1"])],
            QueryString = "?a=1",
            Handshake = Text.Bytes(handshake),
            StickyServerId = sticky,
            StickyRequired = required,
        };

    public ValueTask<ConnectResult> BeginConnect(FakePhysicalConnection physical, ClientDescriptor? client = null) =>
        BeginConnectUntil(physical, CancellationToken.None, client);

    public ValueTask<ConnectResult> BeginConnectUntil(FakePhysicalConnection physical, CancellationToken gone, ClientDescriptor? client = null) =>
        Clients.ConnectAsync(client ?? Descriptor(), physical, gone);

    public ValueTask<CloseReason> WaitForServerAsync(string hub = "chat", string? sticky = null, bool required = false) =>
        Clients.WaitForServerAsync(hub, ProtocolFamily.Core, sticky, required, [], CancellationToken.None);

    /// <summary>Connects a client whose handshake has not been answered.</summary>
    public async Task<TestClient> ConnectHeldAsync(ClientDescriptor? client = null, OutboundQueueOptions? queue = null)
    {
        var physical = new FakePhysicalConnection(queue);
        var result = await BeginConnect(physical, client).InTimeAsync();
        Assert.Equal(CloseReason.None, result.Reason);
        return new TestClient(this, physical, result.Connection!);
    }

    /// <summary>Connects a client, its handshake answered and read.</summary>
    public async Task<TestClient> ConnectAsync(
        string hub = "chat", string? user = null, FrameEncoder? encoder = null, string? sticky = null, OutboundQueueOptions? queue = null)
    {
        var client = await ConnectHeldAsync(Descriptor(hub, user, encoder, sticky, required: sticky is not null), queue);
        await client.OpenAsync();
        return client;
    }

    /// <summary>Asserts that nothing of any client is left.</summary>
    public void AssertForgotten(string hub = "chat")
    {
        var state = Hub(hub);
        Assert.Equal(0, Clients.Count);
        Assert.Equal(0, state.Clients.Count);
        Assert.Equal(0, state.Groups.Count);
        Assert.Equal(0, state.Users.Count);
        Assert.Equal(0, Invocations.Count);
        Assert.Equal(0, Recorded.Sum("gateway.client.connections"));
        foreach (var server in state.Servers.Snapshot())
        {
            Assert.Equal(0, server.Clients.Count);
        }
    }

    public void Dispose() => Recorded.Dispose();
}
