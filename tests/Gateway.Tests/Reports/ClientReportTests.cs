using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tandem.Gateway.CommandLine;
using Tandem.Gateway.Tests.Mixing;

namespace Tandem.Gateway.Tests.Reports;

/// <summary>Who still uses old clients.</summary>
public sealed class ClientReportTests
{
    [Fact]
    public async Task It_counts_clients_by_hub_library_version_and_transport()
    {
        await using var room = await MixedRoom.StartAsync();
        await room.ConnectClassicServerAsync();
        for (var i = 0; i < 2; i++)
        {
            var old = new RawClassicClient(room.Gateway.Url, room.Gateway.Tokens.ClassicClient("shop", "ann"));
            await using var _ = old;
            old.Headers["User-Agent"] = "SignalR.Client.NetStandard/2.4.2.0 (Unix)";
            await using var stream = await old.BeginAsync("longPolling");
            await old.AbortAsync();
        }

        await using var page = new RawClassicClient(room.Gateway.Url, room.Gateway.Tokens.ClassicClient("shop", "bob"));
        page.Headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64)";
        await using var pageStream = await page.BeginAsync("webSockets");
        await using var modern = new RawCoreClient(room.Gateway.Url, room.Gateway.Tokens.Client("shop_chat"), "shop_chat");
        modern.Headers["X-SignalR-User-Agent"] = "Microsoft SignalR/10.0 (10.0.11; Linux; Browser; Unknown Runtime Version)";
        await modern.StartAsync(RawTransport.WebSockets);
        await modern.SendAsync("""{"protocol":"json","version":1}""");
        await modern.TakeAsync();

        var report = await ReadAsync(room.Gateway);

        Assert.Equal(
            [
                "classic shop_chat jquery.signalR 2.4.1 or later 2.1 webSockets 1/1 users 1",
                "classic shop_chat SignalR.Client.NetStandard 2.4.2.0 2.1 longPolling 0/2 users 1",
                "core shop_chat @microsoft/signalr 10.0.11 1 webSockets 1/1 users 0",
            ],
            report.GetProperty("clients").EnumerateArray().Select(static row =>
                $"{row.GetProperty("generation")} {row.GetProperty("hub")} {row.GetProperty("library").GetProperty("name")} {row.GetProperty("library").GetProperty("version")} "
                + $"{row.GetProperty("library").GetProperty("protocol")} {row.GetProperty("transport")} {row.GetProperty("connected")}/{row.GetProperty("connections")} users {row.GetProperty("users")}"));
    }

    [Fact]
    public async Task The_command_prints_a_table_with_what_is_left_to_do()
    {
        await using var room = await MixedRoom.StartAsync();
        await room.ConnectClassicServerAsync();
        await room.ConnectClassicAsync(user: "ann");
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await ClientReportCommand.RunAsync(
            $"Endpoint={room.Gateway.Url};AccessKey={TestTokens.Key};Version=1.0;", asJson: false, output, error, CancellationToken.None);

        Assert.Equal((0, string.Empty), (code, error.ToString()));
        var lines = output.ToString().Split('\n');
        Assert.StartsWith("GENERATION  HUB", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("classic     shop_chat", lines[1], StringComparison.Ordinal);
        Assert.Contains("Clients of ASP.NET SignalR: 1 connected now, in 1 hubs", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "give the connection string")]
    [InlineData("Endpoint=nowhere", "give the connection string")]
    [InlineData("Endpoint=http://127.0.0.1:1;AccessKey=some-key-of-thirty-two-characters-0", "no report from http://127.0.0.1:1/")]
    public async Task The_command_says_why_there_is_no_report(string? connectionString, string reason)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(1, await ClientReportCommand.RunAsync(connectionString, asJson: true, output, error, CancellationToken.None));

        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task It_is_for_holders_of_a_key_only()
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, gateway.Tokens.Client()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, gateway.Tokens.Server()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, gateway.Tokens.Create("http://any.example/reports/clients", key: "another-key-of-thirty-two-characters-0")));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await StatusAsync(gateway, gateway.Tokens.Create("http://any.example/reports/clients", expiresIn: TimeSpan.FromHours(-1)), "?connectionToken=x&id=x"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, gateway.Tokens.Create("http://any.example/reports/clients")));
    }

    private static async Task<JsonElement> ReadAsync(TestGateway gateway)
    {
        using var request = Request(gateway, gateway.Tokens.Create("http://any.example/reports/clients"), string.Empty);
        using var response = await gateway.Http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway, string? token, string query = "")
    {
        using var request = Request(gateway, token, query);
        using var response = await gateway.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(TestGateway gateway, string? token, string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/reports/clients" + query));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}
