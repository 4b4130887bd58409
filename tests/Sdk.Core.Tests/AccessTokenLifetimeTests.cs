using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

/// <summary>The application's own tokens at a real gateway, some minutes after they were issued.</summary>
public sealed class AccessTokenLifetimeTests
{
    // Clocks may differ by five minutes, so a token is good for that long beyond its lifetime.
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(7);

    [Theory]
    [InlineData(1, HttpStatusCode.Unauthorized, "expired")]
    [InlineData(5, HttpStatusCode.OK, "connectionToken")]
    public async Task A_client_that_takes_longer_than_its_token_lives_is_refused_at_the_gateways_negotiate(int minutes, HttpStatusCode expected, string text)
    {
        await using var gateway = await TestGateway.StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow() + Later), null);
        await using var app = await TestApp.StartAsync(options =>
        {
            options.ConnectionString = $"Endpoint={gateway.Url};AccessKey={TestTokens.Key};Version=1.0;";
            options.AccessTokenLifetime = TimeSpan.FromMinutes(minutes);
        });
        await app.ConnectedAsync();
        using var redirect = await app.NegotiateAsync();
        var answer = await redirect.Content.ReadFromJsonAsync<JsonElement>();
        var url = new UriBuilder(answer.GetProperty("url").GetString()!);
        url.Path = "/client/negotiate";
        using var request = new HttpRequestMessage(HttpMethod.Post, url.Uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("accessToken").GetString());

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
