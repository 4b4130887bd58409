using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tandem.Compat.Tests.Negotiation;

/// <summary>Where an application sends a client, taken by hand: what comes next is the test's to say.</summary>
/// <param name="Url">The client's address at the gateway.</param>
/// <param name="AccessToken">With which it may connect.</param>
internal sealed record Redirect(Uri Url, string AccessToken)
{
    private static readonly HttpClient Http = new() { Timeout = Deadlines.Step };

    /// <summary>Negotiates with the application.</summary>
    public static async Task<Redirect> OfAsync(string hubUrl)
    {
        var url = new UriBuilder(hubUrl);
        url.Path += "/negotiate";
        using var response = await Http.PostAsync(url.Uri, null);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new Redirect(new Uri(answer.GetProperty("url").GetString()!), answer.GetProperty("accessToken").GetString()!);
    }

    /// <summary>Negotiates with the gateway.</summary>
    public Task<HttpResponseMessage> NegotiateAsync() =>
        SendAsync(HttpMethod.Post, $"{Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/negotiate{Url.Query}&negotiateVersion=1");

    /// <summary>A connection of the gateway that has no transport yet.</summary>
    public async Task<string> GetConnectionTokenAsync()
    {
        using var response = await NegotiateAsync();
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString()!;
    }

    /// <summary>Asks for a transport as a client would, by its headers.</summary>
    public Task<HttpResponseMessage> ConnectAsync(string connectionToken, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, $"{Url}&id={connectionToken}", headers);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }
}
