namespace Tandem.Gateway.Tests.Clients;

/// <summary>What the app server hears of a client.</summary>
public sealed class OpenConnectionTests
{
    public static TheoryData<RawTransport> Transports => ConnectTests.Transports;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_app_server_is_told_who_the_client_is_and_how_it_came(RawTransport transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway, claims: new()
        {
            ["nameid"] = "alice",
            ["unique_name"] = "Alice A.",
            ["role"] = new[] { "admin", "reader" },
            ["email"] = "alice@example.org",
            ["asrs.s.aut"] = "Cookies",
            ["asrs.u.exp"] = "the user's own",
            ["asrs.u.sub"] = "another",
            ["level"] = 7,
            ["asrs.s.dc"] = true,
        });
        client.Query = "&asrs.op=%2Fchat&x=1+2%203&asrs_request_id=abc";
        client.Headers["X-Forwarded-For"] = "6.6.6.6";
        client.Headers["Asrs-Instance-Id"] = "forged";
        client.Headers["X-Mine"] = "one,two";
        client.Headers["Cookie"] = "a=b";
        await client.StartAsync(transport);

        await using var session = await CoreSession.ShakeHandsAsync(client, server);

        var open = session.Opened;
        Assert.Equal("json", open.Protocol);
        Assert.Equal("?hub=chat&asrs.op=%2Fchat&x=1+2%203&asrs_request_id=abc", open.QueryString);
        const string Claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
        Assert.Equal("alice", Claim(Claims + "nameidentifier"));
        Assert.Equal("Alice A.", Claim(Claims + "name"));
        Assert.Equal("alice@example.org", Claim(Claims + "emailaddress"));
        Assert.Equal(
            ["admin", "reader"],
            open.Claims.Where(claim => claim.Key == "http://schemas.microsoft.com/ws/2008/06/identity/claims/role").Select(claim => claim.Value));
        Assert.Equal("Cookies", Claim("asrs.s.aut"));
        Assert.Equal("the user's own", Claim("asrs.u.exp"));
        Assert.Equal("another", Claim("asrs.u.sub"));
        Assert.Equal("7", Claim("level"));
        Assert.Equal(["127.0.0.1"], Header("X-Forwarded-For"));
        Assert.Equal(["true"], Header("Asrs-Is-Diagnostic-Client"));
        Assert.Equal([open.ConnectionId[^4..]], Header("Asrs-Instance-Id"));
        Assert.Equal(["one,two"], Header("X-Mine"));
        Assert.Equal(["a=b"], Header("Cookie"));
        Assert.DoesNotContain(open.Headers, header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(open.Headers, header => header.Value.Any(value => value.Contains(client.Token!, StringComparison.Ordinal)));

        string Claim(string type) => Assert.Single(open.Claims, claim => claim.Key == type).Value;
        string[] Header(string name) => Assert.Single(open.Headers, header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    [Theory]
    [InlineData("&access_token=secret")]
    [InlineData("&Access_Token=secret")]
    [InlineData("&access%5Ftoken=secret")]
    [InlineData("&%69d=secret")]
    [InlineData("&ID=secret")]
    public async Task Secrets_in_the_query_do_not_reach_the_app_server(string query)
    {
        await using var gateway = await TestGateway.StartAsync();
        var server = await gateway.ConnectServerAsync();
        await using var client = CoreSession.NewClient(gateway);
        (await client.NegotiateAsync()).Dispose();
        client.Query = query.EndsWith("d=secret", StringComparison.OrdinalIgnoreCase) ? query.Replace("secret", client.Id) : query;
        client.Id = query.EndsWith("d=secret", StringComparison.OrdinalIgnoreCase) ? null : client.Id;
        await client.ConnectAsync(RawTransport.WebSockets);

        await using var session = await CoreSession.OpenAsync(client, server);

        Assert.Equal("?hub=chat", session.Opened.QueryString);
    }
}
