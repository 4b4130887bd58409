using System.Net;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>Clients whose token names an app server.</summary>
public sealed class StickyTests
{
    [Theory]
    [InlineData("Preferred")]
    [InlineData("Required")]
    public async Task A_client_goes_to_the_app_server_its_token_names(string mode)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync(serverId: "a");
        var server = await gateway.ConnectServerAsync(serverId: "b");
        await gateway.ConnectServerAsync(serverId: "c");
        for (var i = 0; i < 6; i++)
        {
            await using var session = await CoreSession.ConnectAsync(gateway, server, claims: Claims("b", mode));
            await session.AssertAliveAsync();
        }
    }

    [Theory]
    [InlineData("Preferred")]
    [InlineData("Nonsense")]
    public async Task A_client_that_only_prefers_its_app_server_takes_another(string mode)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync(serverId: "a");

        await using var session = await CoreSession.ConnectAsync(gateway, server, claims: Claims("b", mode));

        await session.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_requires_its_app_server_waits_for_it_and_is_refused_without_it()
    {
        await using var gateway = await TestGateway.StartWithFakeTimeAsync();
        gateway.Log.Expect("Refused");
        await gateway.ConnectServerAsync(serverId: "a");
        await using var refused = CoreSession.NewClient(gateway, claims: Claims("b", "Required"));
        var negotiate = refused.NegotiateAsync();
        await Eventually.TrueAsync(() => negotiate.IsCompleted, "the answer comes", () => gateway.Advance(TimeSpan.FromSeconds(1)));
        using (var response = await negotiate)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("must stay with is not connected", await response.Content.ReadAsStringAsync());
        }

        await using var client = CoreSession.NewClient(gateway, claims: Claims("b", "Required"));
        await client.ConnectAsync(RawTransport.WebSockets);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        var server = await gateway.ConnectServerAsync(serverId: "b");

        await server.TakeAsync<OpenConnectionMessage>();
    }

    [Fact]
    public async Task Clients_without_a_wish_are_spread_over_the_server_connections()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await gateway.ConnectServerAsync(serverId: "a");
        var second = await gateway.ConnectServerAsync(serverId: "b");
        var clients = new List<RawCoreClient>();
        for (var i = 0; i < 10; i++)
        {
            var client = CoreSession.NewClient(gateway);
            clients.Add(client);
            await client.StartAsync(RawTransport.WebSockets);
            await client.SendAsync("""{"protocol":"json","version":1}""");
            await Eventually.TrueAsync(() => gateway.Pool().Sum(server => server.Clients.Count) == clients.Count, "the client is paired");
        }

        Assert.Equal([5, 5], gateway.Pool().Select(server => server.Clients.Count));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        Assert.NotSame(first, second);
    }

    private static Dictionary<string, object> Claims(string server, string mode) => new() { ["asrs.s.sn"] = server, ["asrs.s.ssticky"] = mode };
}
