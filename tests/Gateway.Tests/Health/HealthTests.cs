using System.Net;
using System.Text.Json;

namespace Tandem.Gateway.Tests.Health;

public sealed class HealthTests
{
    [Theory]
    [InlineData("GET", "/health/live")]
    [InlineData("HEAD", "/health/live")]
    [InlineData("GET", "/health/ready")]
    [InlineData("HEAD", "/health/ready")]
    [InlineData("GET", "/api/health")]
    [InlineData("HEAD", "/api/health")]
    [InlineData("HEAD", "/api/health?api-version=2022-06-01")]
    [InlineData("GET", "/")]
    public async Task Health_needs_no_token(string method, string url)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), url);

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Readiness_counts_what_is_connected()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ConnectServerAsync();
        await gateway.ConnectServerAsync("other");
        await TestClient.ConnectAsync(gateway, "c1");

        using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/health/ready"));

        Assert.Equal("ready", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("clients").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("serverConnections").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("hubs").GetInt32());
    }

    [Fact]
    public async Task The_root_says_what_this_is()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.StartsWith("Tandem gateway", await gateway.Http.GetStringAsync("/"));
    }
}
