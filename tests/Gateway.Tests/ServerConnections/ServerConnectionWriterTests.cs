using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Gateway.ServerConnections;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Gateway.Tests.ServerConnections;

public sealed class ServerConnectionWriterTests
{
    private static readonly byte[] Large = new byte[20_000];

    [Fact]
    public async Task Data_waits_when_too_much_is_buffered_and_goes_on_when_the_socket_takes_some()
    {
        await using var bench = await Bench.StartAsync();
        var client = await bench.ConnectAsync("c1");

        // The opening is with the socket, the first message fills the buffer, the second has to wait.
        await bench.SocketIsBusyAsync();
        Assert.True(await bench.SendAsync(client).AsTask().Within());
        var second = bench.SendAsync(client).AsTask();
        Assert.False(second.IsCompleted);

        bench.TakeOne();

        Assert.True(await second.Within());
    }

    [Fact]
    public async Task Control_messages_do_not_wait_and_their_ceiling_ends_the_connection()
    {
        await using var bench = await Bench.StartAsync();
        bench.Writer.Write(PingMessage.KeepAlive);
        await bench.SocketIsBusyAsync();

        for (var i = 0; i < 5; i++)
        {
            bench.Writer.Write(new ServiceErrorMessage(new string('x', 15_000)));
            Assert.Equal(ServerConnectionEnd.None, bench.Failure);
        }

        bench.Writer.Write(PingMessage.KeepAlive);
        Assert.Equal(ServerConnectionEnd.Backlog, bench.Failure);
    }

    [Fact]
    public async Task Data_does_not_count_towards_the_ceiling_of_control_messages()
    {
        await using var bench = await Bench.StartAsync();
        var client = await bench.ConnectAsync("c1");
        await bench.SocketIsBusyAsync();
        await bench.Writer.WriteDataAsync(client, new ReadOnlySequence<byte>(new byte[200_000]), CancellationToken.None).AsTask().Within();

        bench.Writer.Write(PingMessage.KeepAlive);

        Assert.Equal(ServerConnectionEnd.None, bench.Failure);
    }

    [Fact]
    public async Task Those_who_wait_go_on_in_the_order_they_came()
    {
        await using var bench = await Bench.StartAsync();
        var clients = new List<Pairing>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await bench.ConnectAsync("c" + i));
        }

        await bench.SocketIsBusyAsync();
        await bench.SendAsync(clients[0]).AsTask().Within();
        var waiting = clients.Select(client => bench.SendAsync(client).AsTask()).ToArray();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        // Room for 16 KiB is room for one of them at a time.
        for (var i = 0; i < waiting.Length; i++)
        {
            bench.TakeOne();
            Assert.True(await waiting[i].Within());
            Assert.All(waiting[(i + 1)..], task => Assert.False(task.IsCompleted));
        }
    }

    [Fact]
    public async Task One_who_gives_up_waiting_hands_its_turn_on()
    {
        await using var bench = await Bench.StartAsync();
        var impatient = await bench.ConnectAsync("c1");
        var patient = await bench.ConnectAsync("c2");
        await bench.SocketIsBusyAsync();
        await bench.SendAsync(patient).AsTask().Within();
        using var patience = new CancellationTokenSource();
        var first = bench.SendAsync(impatient, patience.Token).AsTask();
        var second = bench.SendAsync(patient).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());

        await Eventually.TrueAsync(() => second.IsCompleted, "the second goes on", bench.TakeOne);
    }

    [Fact]
    public async Task One_whose_pairing_ends_while_it_waits_writes_nothing_and_hands_its_turn_on()
    {
        await using var bench = await Bench.StartAsync();
        var ended = await bench.ConnectAsync("c1");
        var other = await bench.ConnectAsync("c2");
        await bench.SocketIsBusyAsync();
        await bench.SendAsync(other).AsTask().Within();
        var first = bench.SendAsync(ended).AsTask();
        var second = bench.SendAsync(other).AsTask();

        Assert.True(bench.Writer.EndPairing(ended, null, clientMoves: false));
        Assert.False(bench.Writer.EndPairing(ended, null, clientMoves: false));
        await Eventually.TrueAsync(() => first.IsCompleted && second.IsCompleted, "both go on", bench.TakeOne);

        Assert.False(await first);
        Assert.True(await second);
    }

    [Fact]
    public async Task Completing_sends_what_waits_and_lets_everyone_go()
    {
        await using var bench = await Bench.StartAsync();
        var client = await bench.ConnectAsync("c1");
        await bench.SocketIsBusyAsync();
        await bench.SendAsync(client).AsTask().Within();
        var waiting = bench.SendAsync(client).AsTask();

        var completion = bench.Writer.CompleteAsync();

        Assert.False(await waiting.Within());
        Assert.False(bench.Writer.AcceptsClients);
        Assert.False(completion.IsCompleted);
        await Eventually.TrueAsync(() => completion.IsCompleted, "all is sent", bench.TakeOne);
        Assert.True(bench.SentBytes > Large.Length);
    }

    [Fact]
    public async Task A_failing_socket_drops_everything_and_is_told_once()
    {
        await using var bench = await Bench.StartAsync();
        var client = await bench.ConnectAsync("c1");
        await bench.SocketIsBusyAsync();
        await bench.SendAsync(client).AsTask().Within();
        var waiting = bench.SendAsync(client).AsTask();

        bench.Fail();

        Assert.False(await waiting.Within());
        await Eventually.TrueAsync(() => bench.Failure == ServerConnectionEnd.TransportFailed, "the failure is told");
        await bench.Writer.CompleteAsync().Within();
    }

    [Fact]
    public async Task No_pairing_begins_after_clients_were_stopped()
    {
        await using var bench = await Bench.StartAsync();
        bench.Writer.StopClients();

        Assert.False(bench.Writer.AcceptsClients);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.ConnectAsync("c1"));
    }

    [Fact]
    public async Task What_comes_while_a_piece_is_sent_leaves_in_one_piece()
    {
        await using var bench = await Bench.StartAsync();
        bench.Writer.Write(PingMessage.KeepAlive);
        await bench.SocketIsBusyAsync();
        for (var i = 0; i < 100; i++)
        {
            bench.Writer.Write(PingMessage.KeepAlive);
        }

        bench.TakeOne();
        await Eventually.TrueAsync(() => bench.Pieces == 2, "the second piece comes");

        Assert.Equal(101 * 3, bench.SentBytes);
    }

    /// <summary>A writer over a socket that takes one piece whenever the test says so, and pairings that begin on it.</summary>
    private sealed class Bench : IServerConnection, IAsyncDisposable
    {
        private readonly TestGateway _gateway;
        private readonly SemaphoreSlim _permits = new(0);
        private readonly MessageLog<Pairing> _begun = new();
        private volatile bool _fails;
        private int _pieces;
        private long _sentBytes;

        private Bench(TestGateway gateway)
        {
            _gateway = gateway;
            Hub = gateway.Services.GetRequiredService<HubTable>().GetOrAdd("chat")!;
            Writer = new ServerConnectionWriter(
                SendAsync,
                (reason, _) => Failure = reason,
                new ServerConnectionOptions { MaxBufferedBytes = 16 * 1024, MaxQueuedControlBytes = 64 * 1024 },
                TimeProvider.System);
            Writer.StartClients();
        }

        public ServerConnectionWriter Writer { get; }

        public ServerConnectionEnd Failure { get; private set; }

        public int Pieces => Volatile.Read(ref _pieces);

        public long SentBytes => Interlocked.Read(ref _sentBytes);

        public string ServerConnectionId => "bench";

        public string ServerId => "bench";

        public HubState Hub { get; }

        public ProtocolFamily Family => ProtocolFamily.Core;

        public ServerConnectionKind Kind => ServerConnectionKind.Default;

        public MigrationLevel MigrationLevel => MigrationLevel.Off;

        public bool AcceptsClients => Writer.AcceptsClients;

        public MemberSet Clients { get; } = new();

        public static async Task<Bench> StartAsync()
        {
            var bench = new Bench(await TestGateway.StartAsync("Tandem:Limits:WaitForServer=00:00:00"));
            bench._gateway.Log.Expect("Refused");
            bench.Hub.Servers.Add(bench);
            return bench;
        }

        /// <summary>Pairs a client; the opening goes through the writer.</summary>
        public async Task<Pairing> ConnectAsync(string id)
        {
            await TestClient.ConnectAsync(_gateway, id);
            return await _begun.TakeAsync(pairing => pairing.Client.ConnectionId == id, id);
        }

        public ValueTask<bool> SendAsync(Pairing pairing, CancellationToken cancellationToken = default) =>
            Writer.WriteDataAsync(pairing, new ReadOnlySequence<byte>(Large), cancellationToken);

        public Task SocketIsBusyAsync() => Eventually.TrueAsync(() => Pieces > 0, "a piece is with the socket");

        public void TakeOne() => _permits.Release();

        public void Fail()
        {
            _fails = true;
            _permits.Release();
        }

        public void Send(ServiceMessage message) => Writer.Write(message);

        public bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake)
        {
            if (!Writer.BeginPairing(pairing, open, handshake))
            {
                return false;
            }

            _begun.Add(pairing);
            return true;
        }

        public bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves) => Writer.EndPairing(pairing, message, clientMoves);

        public ValueTask<bool> SendDataAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken) =>
            Writer.WriteDataAsync(pairing, payload, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            Writer.Abort();
            _permits.Release(1000);
            await _gateway.DisposeAsync();
        }

        private async ValueTask SendAsync(ReadOnlyMemory<byte> piece)
        {
            Interlocked.Add(ref _sentBytes, piece.Length);
            Interlocked.Increment(ref _pieces);
            await _permits.WaitAsync();
            if (_fails)
            {
                throw new IOException("The socket broke.");
            }
        }
    }
}
