using System.Net;

namespace Tandem.Gateway.Tests.Cors;

public sealed class CorsTests
{
    private const string Page = "https://app.example.org";

    [Fact]
    public async Task A_preflight_is_answered_without_a_token_for_any_method_and_header()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var (path, method) in new[] { ("/client/negotiate", "POST"), ("/client/", "GET"), ("/client", "DELETE"), ("/client", "POST") })
        {
            using var response = await PreflightAsync(gateway, path + "?hub=chat", method, Page);

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal(Page, Value(response, "Access-Control-Allow-Origin"));
            Assert.Equal("true", Value(response, "Access-Control-Allow-Credentials"));
            Assert.Contains(method, Value(response, "Access-Control-Allow-Methods"));
            Assert.Contains("x-signalr-user-agent", Value(response, "Access-Control-Allow-Headers"));
            Assert.True(int.Parse(Value(response, "Access-Control-Max-Age")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
            Assert.Equal("Origin", Value(response, "Vary"));
        }
    }

    [Fact]
    public async Task Answers_carry_the_origin_also_when_the_token_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();

        using var good = await NegotiateAsync(gateway, gateway.Tokens.Client());
        using var bad = await NegotiateAsync(gateway, "rubbish");

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
        foreach (var response in new[] { good, bad })
        {
            Assert.Equal(Page, Value(response, "Access-Control-Allow-Origin"));
            Assert.Equal("true", Value(response, "Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("https://app.example.org", true)]
    [InlineData("https://blog.example.net", true)]
    [InlineData("https://example.net", false)]
    [InlineData("http://app.example.org", false)]
    [InlineData("https://app.example.org.evil.example", false)]
    [InlineData("null", false)]
    public async Task Only_allowed_origins_get_headers_when_origins_are_named(string origin, bool allowed)
    {
        await using var gateway = await TestGateway.StartAsync(
            "Tandem:Clients:AllowedOrigins:0=https://app.example.org/", "Tandem:Clients:AllowedOrigins:1=https://*.example.net");

        using var response = await PreflightAsync(gateway, "/client/negotiate?hub=chat", "POST", origin);

        Assert.Equal(allowed ? origin : null, Value(response, "Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestGateway gateway, string url, string method, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, url);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent");
        return await gateway.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> NegotiateAsync(TestGateway gateway, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/client/negotiate?hub=chat&negotiateVersion=1");
        request.Headers.Add("Origin", Page);
        request.Headers.Authorization = new("Bearer", token);
        return await gateway.Http.SendAsync(request);
    }

    private static string? Value(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? string.Join(",", values) : null;
}
