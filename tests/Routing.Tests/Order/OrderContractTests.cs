using CsCheck;
using Tandem.Protocols.Service;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Order;

/// <summary>The order that is promised: what one server connection sends arrives as sent, and nothing comes before the handshake response.</summary>
public class OrderContractTests
{
    private enum Kind
    {
        Data,
        FastData,
        Connections,
        User,
        All,
        Group,
        Groups,
    }

    [Fact]
    public void Data_of_a_client_goes_up_in_the_order_it_was_sent()
    {
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 60], Gen.Bool).Sample(
            (clients, messages, blocks) => UpAsync(clients, messages, blocks).GetAwaiter().GetResult(), iter: 60, threads: 1);
    }

    [Fact]
    public void What_one_server_connection_sends_to_a_client_arrives_in_order_however_it_is_addressed()
    {
        Gen.Enum<Kind>().Array[1, 60].Array[1, 4].Sample(runs => DownAsync(runs).GetAwaiter().GetResult(), iter: 60, threads: 1);
    }

    [Fact]
    public void A_broadcast_after_a_join_on_one_server_connection_reaches_the_joiner()
    {
        Gen.Int[1, 4].Sample(workers => JoinAsync(workers).GetAwaiter().GetResult(), iter: 30, threads: 1);
    }

    [Fact]
    public void Nothing_overtakes_the_handshake_response()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 10]).Sample(
            (broadcasters, clients) => HandshakeAsync(broadcasters, clients).GetAwaiter().GetResult(), iter: 30, threads: 1);
    }

    private static async Task UpAsync(int clients, int messages, bool blocks)
    {
        using var node = new TestNode();
        var server = node.AddServer();
        var senders = new List<(TestClient Client, Task Sending)>();
        for (var i = 0; i < clients; i++)
        {
            var client = await node.ConnectAsync();
            senders.Add((client, Work.Run(async () =>
            {
                for (var message = 0; message < messages; message++)
                {
                    Assert.True(await client.SendAsync($"{message}").InTimeAsync());
                }
            })));
        }

        var all = Task.WhenAll(senders.Select(sender => sender.Sending));
        while (blocks && !all.IsCompleted)
        {
            server.Fill();
            await Task.Yield();
            server.MakeRoom();
        }

        await all.InTimeAsync();
        Assert.All(senders, sender => Assert.Equal(
            ["hs", .. Enumerable.Range(0, messages).Select(i => $"{i}")], server.Data(sender.Client.Id)));
    }

    private static async Task DownAsync(Kind[][] runs)
    {
        using var node = new TestNode();
        node.AddServer();
        var client = await node.ConnectAsync(user: "u");
        var bystander = await node.ConnectAsync();
        var transport = new ScriptedTransport();
        Assert.True(client.Physical.Queue.TryAttach(transport));
        var servers = runs.Select((_, i) => node.AddServer($"s{i}")).ToArray();
        node.Messages.Route(servers[0], new JoinGroupMessage(client.Id, "g"));

        await Task.WhenAll(runs.Select((kinds, i) => Work.Run(() =>
        {
            for (var number = 0; number < kinds.Length; number++)
            {
                Send(node, servers[i], client.Id, kinds[number], $"{i}:{number}");
            }
        }))).InTimeAsync();

        var total = runs.Sum(kinds => kinds.Length);
        await Wait.UntilAsync(() => transport.Frames.Length >= total, "all messages");
        for (var i = 0; i < runs.Length; i++)
        {
            Assert.Equal(
                Enumerable.Range(0, runs[i].Length).Select(number => $"{i}:{number}"),
                transport.Frames.Where(frame => frame.StartsWith($"{i}:", StringComparison.Ordinal)));
        }

        Assert.Equal(total, transport.Frames.Length);
        Assert.False(transport.WasMisused);
        Assert.Equal(runs.Sum(kinds => kinds.Count(kind => kind == Kind.All)), (await bystander.TakeAsync()).Length);
    }

    private static void Send(TestNode node, FakeServerConnection server, string id, Kind kind, string text)
    {
        var payload = Text.Payloads(text);
        if (kind == Kind.FastData)
        {
            node.Messages.RouteConnectionData(server, Text.Bytes(id), Text.Bytes(text));
            return;
        }

        node.Messages.Route(server, kind switch
        {
            Kind.Data => new ConnectionDataMessage(id, Text.Bytes(text)),
            Kind.Connections => new MultiConnectionDataMessage([id], payload),
            Kind.User => new UserDataMessage("u", payload),
            Kind.All => new BroadcastDataMessage([], payload),
            Kind.Group => new GroupBroadcastDataMessage("g", [], payload, []),
            _ => new MultiGroupBroadcastDataMessage(["g"], payload),
        });
    }

    private static async Task JoinAsync(int workers)
    {
        using var node = new TestNode();
        node.AddServer();
        var clients = new List<TestClient>();
        for (var i = 0; i < workers; i++)
        {
            clients.Add(await node.ConnectAsync());
        }

        // All join and leave one group at once, so that it comes and goes all the time.
        await Task.WhenAll(clients.Select((client, i) => Work.Run(() =>
        {
            var server = node.AddServer($"s{i}");
            for (var round = 0; round < 50; round++)
            {
                node.Messages.Route(server, new JoinGroupMessage(client.Id, "g"));
                node.Messages.Route(server, new GroupBroadcastDataMessage("g", [], Text.Payloads($"{i}:{round}"), []));
                node.Messages.Route(server, new LeaveGroupMessage(client.Id, "g"));
                node.Messages.Route(server, new GroupBroadcastDataMessage("g", [], Text.Payloads($"{i}:gone"), []));
            }
        }))).InTimeAsync();

        for (var i = 0; i < workers; i++)
        {
            var own = (await clients[i].TakeAsync()).Where(text => text.StartsWith($"{i}:", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 50).Select(round => $"{i}:{round}"), own);
        }

        Assert.Equal(0, node.Hub().Groups.Count);
    }

    private static async Task HandshakeAsync(int broadcasters, int clients)
    {
        using var node = new TestNode();
        var server = node.AddServer();
        using var stop = new CancellationTokenSource();
        var sending = Enumerable.Range(0, broadcasters).Select(i =>
        {
            var other = node.AddWeakServer($"w{i}");
            return Work.Run(() =>
            {
                // Fewer than the queues hold: no one is to become a slow consumer here.
                for (var number = 0; number < 1000 && !stop.IsCancellationRequested; number++)
                {
                    node.Messages.Route(other, new BroadcastDataMessage([], Text.Payloads($"{i}:{number:D4}")));
                }
            });
        }).ToArray();

        var seen = new List<ScriptedTransport>();
        for (var i = 0; i < clients; i++)
        {
            var transport = new ScriptedTransport();
            var physical = new FakePhysicalConnection();
            Assert.True(physical.Queue.TryAttach(transport));
            var connection = (await node.BeginConnect(physical).InTimeAsync()).Connection!;
            node.Messages.Route(server, new ConnectionDataMessage(connection.ConnectionId, Text.Bytes("{}")));
            seen.Add(transport);
        }

        await stop.CancelAsync();
        await Task.WhenAll(sending).InTimeAsync();
        node.Messages.Route(server, new BroadcastDataMessage([], Text.Payloads("end")));
        foreach (var transport in seen)
        {
            await Wait.UntilAsync(() => transport.Frames is [.., "end"], "the last message");
            Assert.Equal("{}", transport.Frames[0]);
            Assert.Single(transport.Frames, frame => frame == "{}");
            for (var i = 0; i < broadcasters; i++)
            {
                var own = transport.Frames.Where(frame => frame.StartsWith($"{i}:", StringComparison.Ordinal)).ToArray();
                Assert.Equal(own.Order(StringComparer.Ordinal), own);
                if (own.Length > 0)
                {
                    // From the first one it sees on, it sees them all.
                    Assert.Equal(own.Length, int.Parse(own[^1][2..], System.Globalization.CultureInfo.InvariantCulture) - int.Parse(own[0][2..], System.Globalization.CultureInfo.InvariantCulture) + 1);
                }
            }
        }
    }
}
