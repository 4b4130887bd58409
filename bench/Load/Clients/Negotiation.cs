using System.Net.Http.Headers;
using System.Text.Json;

namespace Tandem.Load.Clients;

/// <summary>Negotiate as a SignalR client does it: with the hub, and where the answer is a redirect, with the gateway.</summary>
internal sealed class Negotiation : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    public async Task<ConnectTarget> NegotiateAsync(Uri hub, CancellationToken cancellationToken)
    {
        var target = new ConnectTarget(hub, null);
        using var first = await PostAsync(target, cancellationToken);
        if (!first.RootElement.TryGetProperty("url", out var url))
        {
            return WithToken(target, first);
        }

        target = new ConnectTarget(new Uri(url.GetString()!), first.RootElement.GetProperty("accessToken").GetString());
        using var second = await PostAsync(target, cancellationToken);
        return WithToken(target, second);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> PostAsync(ConnectTarget target, CancellationToken cancellationToken)
    {
        var url = new UriBuilder(target.Url);
        url.Path = url.Path.TrimEnd('/') + "/negotiate";
        url.Query = Append(url.Query, "negotiateVersion=1");

        using var request = new HttpRequestMessage(HttpMethod.Post, url.Uri);
        if (target.AccessToken is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"Negotiate was refused with {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        }

        return JsonDocument.Parse(body);
    }

    private static ConnectTarget WithToken(ConnectTarget target, JsonDocument negotiated)
    {
        var connectionToken = negotiated.RootElement.GetProperty("connectionToken").GetString()!;
        var url = new UriBuilder(target.Url);
        url.Query = Append(url.Query, $"id={Uri.EscapeDataString(connectionToken)}");
        return target with { Url = url.Uri };
    }

    private static string Append(string query, string parameter) => query.Length > 1 ? $"{query}&{parameter}" : parameter;
}
