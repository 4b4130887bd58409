using System.Globalization;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>What operators count by: what one generation wanted of the other in vain, and who is there at all.</summary>
public sealed class MixingMetricsTests : IDisposable
{
    private const string Unsupported = "gateway.mixing.unsupported";
    private const string Connections = "gateway.client.connections";

    // Further methods share one set of labels.
    private const int MaxMethods = 200;

    private readonly MetricRecorder _metrics = new();

    [Fact]
    public async Task What_a_hub_of_ASP_NET_Core_has_not_is_counted_by_feature_hub_and_method()
    {
        await using var room = await MixedRoom.StartAsync(_metrics);
        room.Gateway.Log.Expect("NotMixed");
        var served = await room.ServeClassicAsync(description: """{"name":"Chat","methods":["Upload"],"uploads":["Upload"]}""");

        await served.CallAsync("""{"H":"chat","M":"Upload","A":[],"I":0}""");
        await served.CallAsync("""{"H":"nowhere","M":"Lost","A":[],"I":1}""");
        await served.Stream.SendAsync("""{"H":"chat","M":"Send","A":[],"I":2,"S":{"count":1}}""");
        await served.TakeAsync();
        await served.SendAsync("""{"type":1,"invocationId":"7","target":"ask","arguments":[]}""");
        await served.Server.SendAsync(new BroadcastDataMessage([], MixedRoom.Payloads("""{"type":1,"target":"say","arguments":[""")));
        await served.Server.SyncAsync();

        Assert.Equal(
            [
                "feature=client_results,hub=shop_chat,method=ask", "feature=client_streams,hub=shop_chat,method=Upload", "feature=invalid_call,hub=shop_shop,method=Lost",
                "feature=state,hub=shop_chat,method=Send", "feature=untranslatable,hub=shop_chat,method=",
            ],
            _metrics.Of(Unsupported).Select(static each => each.Tags).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_hub_of_ASP_NET_SignalR_has_not_is_counted_by_feature_hub_and_method()
    {
        await using var room = await MixedRoom.StartAsync(_metrics);
        room.Gateway.Log.Expect("NotMixed");
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await client.SendAsync(
            """{"type":1,"invocationId":"1","target":"Upload","arguments":[],"streamIds":["1"]}""", """{"type":5,"invocationId":"1"}""",
            """{"type":1,"invocationId":"2","target":"Work","arguments":[]}""");
        await server.TakeDataAsync(client.ConnectionId);
        await server.SendAsync(client.ConnectionId, """{"C":"0","M":[{"I":"P|c2","P":{"I":"c2","D":50}}]}""");
        await server.Application.SyncAsync();

        Assert.Equal(
            ["feature=client_streams,hub=shop_chat,method=Upload", "feature=progress,hub=shop_chat,method=", "feature=stream_cancellation,hub=shop_chat,method="],
            _metrics.Of(Unsupported).Select(static each => each.Tags).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Thousands_of_methods_that_a_client_makes_up_are_few_to_the_metrics()
    {
        const int Calls = 3000;
        await using var room = await MixedRoom.StartAsync(_metrics);
        room.Gateway.Log.Expect("NotMixed");
        var server = await room.ConnectClassicServerAsync();
        var client = await room.ConnectCoreAsync();

        await client.SendAsync([.. Enumerable.Range(0, Calls).Select(static number => Call(number.ToString(CultureInfo.InvariantCulture)))]);
        await client.SendAsync(Call(new string('x', 5000)), Call("0"), """{"type":1,"target":"Last","arguments":[]}""");
        await server.TakeDataAsync(client.ConnectionId);

        Assert.Equal(Calls + 2, _metrics.Sum(Unsupported));
        Assert.Equal(MaxMethods + 1, _metrics.Of(Unsupported).Select(static each => each.Tags).Distinct().Count());
        Assert.Equal(2, _metrics.Sum(Unsupported, "feature=client_streams,hub=shop_chat,method=0"));
        Assert.Equal(Calls - MaxMethods + 1, _metrics.Sum(Unsupported, "feature=client_streams,hub=other,method=other"));

        static string Call(string method) => $$"""{"type":1,"target":"{{method}}","arguments":[],"streamIds":["1"]}""";
    }

    [Fact]
    public async Task Clients_are_counted_by_generation_version_and_transport_and_make_none_of_these_up()
    {
        await using var room = await MixedRoom.StartAsync(_metrics);
        await room.ConnectClassicServerAsync();
        foreach (var (version, transport) in new[] { ("2.1", "longPolling"), ("1.5", "serverSentEvents"), ("2.1.1", "webSockets"), ("9.97", "webSockets"), ("made up", "webSockets") })
        {
            await using var client = new RawClassicClient(room.Gateway.Url, room.Gateway.Tokens.ClassicClient("shop", null)) { Protocol = version };
            client.Headers["User-Agent"] = $"Made-Up-{Guid.NewGuid():N}/1.0";
            await using var stream = await client.BeginAsync(transport);
        }

        await room.ConnectCoreAsync(protocol: "messagepack");

        Assert.Equal(
            [
                ("generation=classic,protocol=json,transport=longPolling,version=2.1", 1), ("generation=classic,protocol=json,transport=serverSentEvents,version=1.5", 1),
                ("generation=classic,protocol=json,transport=webSockets,version=other", 3), ("generation=core,protocol=messagepack,transport=webSockets,version=1", 1),
            ],
            _metrics.Of(Connections).Where(static each => each.Value > 0).CountBy(static each => each.Tags).Select(static each => (each.Key, each.Value)).Order());
    }

    public void Dispose() => _metrics.Dispose();
}
