using System.Net;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Authentication;

/// <summary>Who is let in, at each door. Past the door the server endpoints say 400 (no WebSocket) and negotiate says 503 (no app server).</summary>
public sealed class AccessTokenTests
{
    private const string ServerAudience = "http://localhost/server/?hub=chat";
    private const string ClassicServerAudience = "http://localhost/aspnetserver/?hub=chat";
    private const string ClientAudience = "http://localhost/client/?hub=chat";

    public static TheoryData<Door> Doors => [Door.Server, Door.ClassicServer, Door.Client];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_token_is_accepted_from_header_and_query(Door door)
    {
        await using var gateway = await StartAsync();
        var token = Token(gateway, door);

        Assert.Equal(Inside(door), await KnockAsync(gateway, door, token));
        Assert.Equal(Inside(door), await KnockAsync(gateway, door, token, inQuery: true));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_request_without_a_token_is_told_where_to_put_one(Door door)
    {
        await using var gateway = await StartAsync();

        var (status, text, challenge) = await AskAsync(gateway, door, null);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("access_token", text);
        Assert.Equal("Bearer", challenge);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task An_expired_token_is_refused_after_a_grace_of_five_minutes(Door door)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(Inside(door), await KnockAsync(gateway, door, Token(gateway, door, expiresIn: TimeSpan.FromMinutes(-4.9))));

        var (status, text, challenge) = await AskAsync(gateway, door, Token(gateway, door, expiresIn: TimeSpan.FromMinutes(-5.1)));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("The access token has expired.", text);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The access token has expired.\"", challenge);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_token_of_the_future_is_refused(Door door)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(Inside(door), await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), validIn: TimeSpan.FromMinutes(4.9))));
        await RefusedAsync(gateway, door, gateway.Tokens.Create(Audience(door), validIn: TimeSpan.FromMinutes(5.1)), "not valid yet");
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_grace_for_clocks_that_differ_is_a_setting(Door door)
    {
        await using var gateway = await StartAsync("Tandem:ClockSkew=00:00:30");
        Assert.Equal(Inside(door), await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), expiresIn: TimeSpan.FromSeconds(-25))));
        await RefusedAsync(gateway, door, gateway.Tokens.Create(Audience(door), expiresIn: TimeSpan.FromSeconds(-40)), "expired");
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_token_without_expiry_is_refused(Door door)
    {
        await using var gateway = await StartAsync();
        await RefusedAsync(gateway, door, gateway.Tokens.Create(Audience(door), withExpiry: false), "no expiry");
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_token_signed_with_a_foreign_key_is_refused(Door door)
    {
        await using var gateway = await StartAsync();
        await RefusedAsync(gateway, door, gateway.Tokens.Create(Audience(door), key: "a-key-nobody-told-the-gateway-about-000"), "was not signed with an access key");
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_token_with_a_changed_payload_is_refused(Door door)
    {
        await using var gateway = await StartAsync();
        var mine = Token(gateway, door).Split('.');
        var theirs = gateway.Tokens.Create(Audience(door), expiresIn: TimeSpan.FromDays(9)).Split('.');
        await RefusedAsync(gateway, door, $"{mine[0]}.{theirs[1]}.{mine[2]}", "was not signed with an access key");
    }

    [Theory]
    [InlineData(Door.Server, "none")]
    [InlineData(Door.Client, "none")]
    [InlineData(Door.Server, "HS384")]
    public async Task Other_algorithms_are_refused(Door door, string algorithm)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), algorithm: algorithm)));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task HS512_is_accepted_even_with_a_key_that_is_shorter_than_its_hash(Door door)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(Inside(door), await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), algorithm: "HS512")));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_second_key_is_as_good_as_the_first_whatever_the_key_id_says(Door door)
    {
        await using var gateway = await StartAsync($"Tandem:AccessKeys:1={TestTokens.SecondKey}");
        foreach (var keyId in new[] { null, "0", "-99", "some-id" })
        {
            Assert.Equal(Inside(door), await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), key: TestTokens.SecondKey, keyId: keyId)));
            Assert.Equal(Inside(door), await KnockAsync(gateway, door, gateway.Tokens.Create(Audience(door), keyId: keyId)));
        }
    }

    [Fact]
    public async Task A_long_key_works_too()
    {
        var key = new string('k', 200);
        await using var gateway = await StartAsync($"Tandem:AccessKeys:1={key}");
        Assert.Equal(HttpStatusCode.BadRequest, await KnockAsync(gateway, Door.Server, gateway.Tokens.Create(ServerAudience, key: key)));
        Assert.Equal(HttpStatusCode.BadRequest, await KnockAsync(gateway, Door.Server, gateway.Tokens.Create(ServerAudience, key: key, algorithm: "HS512")));
    }

    [Theory]
    [InlineData("https://elsewhere.example:4433/server/?hub=chat")]
    [InlineData("http://localhost/server?hub=chat")]
    [InlineData("http://localhost/server/?hub=CHAT")]
    [InlineData("http://localhost/Server/?x=1&hub=chat&y=2")]
    public async Task Host_port_slash_case_and_further_parameters_of_the_audience_do_not_matter(string audience)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await KnockAsync(gateway, Door.Server, gateway.Tokens.Create(audience)));
    }

    [Fact]
    public async Task One_fitting_audience_of_several_is_enough()
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await KnockAsync(gateway, Door.Server, gateway.Tokens.Create(new[] { "http://x/", ServerAudience })));
    }

    [Theory]
    [InlineData(Door.Server, ClientAudience, "/server")]
    [InlineData(Door.Client, ServerAudience, "/client")]
    [InlineData(Door.Server, ClassicServerAudience, "/server")]
    [InlineData(Door.ClassicServer, ServerAudience, "/aspnetserver")]
    [InlineData(Door.ClassicServer, "http://localhost/aspnetserver/?hub=other", "another hub")]
    [InlineData(Door.Client, "http://localhost/", "/client")]
    [InlineData(Door.Client, "no url", "/client")]
    [InlineData(Door.Client, null, "no audience")]
    [InlineData(Door.Server, "http://localhost/server/?hub=other", "another hub")]
    [InlineData(Door.Client, "http://localhost/client/?hub=other", "another hub")]
    [InlineData(Door.Client, "http://localhost/client/", "another hub")]
    [InlineData(Door.Client, "http://localhost/api/hubs/chat/:send?hub=chat", "/client")]
    public async Task A_token_for_something_else_is_refused(Door door, string? audience, string text)
    {
        await using var gateway = await StartAsync();
        await RefusedAsync(gateway, door, gateway.Tokens.Create(audience), text);
    }

    [Theory]
    [InlineData("/server/")]
    [InlineData("/server/?hub=")]
    [InlineData("/server/?hub=other&hub=chat")]
    public async Task The_request_must_name_the_hub_of_the_token(string url)
    {
        await using var gateway = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new("Bearer", gateway.Tokens.Server());

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("hub", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.")]
    [InlineData("%")]
    public async Task Rubbish_is_refused(string token)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(gateway, Door.Server, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(gateway, Door.Client, token, inQuery: true));
    }

    [Fact]
    public async Task Claims_reach_the_gateway_under_their_long_names()
    {
        await using var gateway = await StartAsync();
        var server = await gateway.OpenServerAsync(token: gateway.Tokens.Server(serverId: "by-nameid"), sendHeader: false);
        await server.HandshakeAsync();
        Assert.Equal("by-nameid", gateway.Pool().Single().ServerId);
    }

    [Fact]
    public async Task Keys_are_replaced_without_a_restart_and_a_slip_in_the_file_changes_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("tandem-keys-");
        try
        {
            var file = Path.Combine(folder.FullName, "appsettings.json");
            const string Third = "the-third-key-of-the-tests-000000000000000";
            await File.WriteAllTextAsync(file, $$"""{ "Tandem": { "AccessKeys": [ "x", "{{TestTokens.SecondKey}}" ] } }""");
            await using var gateway = await StartAsync($"contentRoot={folder.FullName}");
            gateway.Log.Expect("KeysRejected");
            Assert.Equal(HttpStatusCode.BadRequest, await WithKeyAsync(TestTokens.SecondKey));
            Assert.Equal(HttpStatusCode.Unauthorized, await WithKeyAsync(Third));

            await File.WriteAllTextAsync(file, """{ "Tandem": { "AccessKeys": [ "x", "short" ] } }""");
            await Eventually.TrueAsync(() => gateway.Log.Entries.Any(entry => entry.EventName == "KeysRejected"), "the slip is noticed");
            Assert.Equal(HttpStatusCode.BadRequest, await WithKeyAsync(TestTokens.SecondKey));

            await File.WriteAllTextAsync(file, $$"""{ "Tandem": { "AccessKeys": [ "x", "{{Third}}" ] } }""");
            await Eventually.TrueAsync(() => gateway.Log.Entries.Any(entry => entry.EventName == "KeysReplaced"), "the new key is noticed");
            Assert.Equal(HttpStatusCode.BadRequest, await WithKeyAsync(Third));
            Assert.Equal(HttpStatusCode.Unauthorized, await WithKeyAsync(TestTokens.SecondKey));
            Assert.DoesNotContain(gateway.Log.Entries, entry => entry.Category.StartsWith("Tandem", StringComparison.Ordinal) && entry.Message.Contains(Third, StringComparison.Ordinal));

            Task<HttpStatusCode> WithKeyAsync(string key) => KnockAsync(gateway, Door.Server, gateway.Tokens.Server(key: key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TestGateway> StartAsync(params string[] settings)
    {
        var gateway = await TestGateway.StartWithFakeTimeAsync(["Tandem:Limits:WaitForServer=00:00:00", .. settings]);
        gateway.Log.Expect("Refused");
        return gateway;
    }

    private static string Audience(Door door) => door switch
    {
        Door.Server => ServerAudience,
        Door.ClassicServer => ClassicServerAudience,
        _ => ClientAudience,
    };

    private static HttpStatusCode Inside(Door door) => door == Door.Client ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.BadRequest;

    private static string Token(TestGateway gateway, Door door, TimeSpan? expiresIn = null) =>
        gateway.Tokens.Create(Audience(door), expiresIn: expiresIn, validIn: TimeSpan.FromHours(-1));

    private static async Task RefusedAsync(TestGateway gateway, Door door, string token, string expected)
    {
        var (status, text, challenge) = await AskAsync(gateway, door, token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains(expected, text);
        Assert.Contains("invalid_token", challenge);
        Assert.DoesNotContain(token, text + challenge, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> KnockAsync(TestGateway gateway, Door door, string token, bool inQuery = false) =>
        (await AskAsync(gateway, door, token, inQuery)).Status;

    private static async Task<(HttpStatusCode Status, string Text, string Challenge)> AskAsync(TestGateway gateway, Door door, string? token, bool inQuery = false)
    {
        var path = door switch
        {
            Door.Server => "/server/?hub=chat",
            Door.ClassicServer => "/aspnetserver/?hub=chat",
            _ => "/client/negotiate?hub=chat&negotiateVersion=1",
        };
        var url = path
            + (inQuery ? $"&{ServicePaths.AccessTokenQuery}={Uri.EscapeDataString(token!)}" : string.Empty);
        using var request = new HttpRequestMessage(door == Door.Client ? HttpMethod.Post : HttpMethod.Get, url);
        if (!inQuery && token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        using var response = await gateway.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>The endpoints that want tokens.</summary>
    public enum Door
    {
        Server,
        ClassicServer,
        Client,
    }
}
