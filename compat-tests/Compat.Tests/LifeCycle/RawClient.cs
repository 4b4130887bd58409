using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>A client without a client library, which shows what is really sent when a connection ends.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private const char Separator = '\u001e';

    private static readonly HttpClient Http = new() { Timeout = Deadlines.Step };

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _text = new();

    private RawClient()
    {
    }

    /// <summary>Negotiates, wherever that leads, and completes the handshake.</summary>
    public static async Task<RawClient> ConnectAsync(string hubUrl)
    {
        string? token = null;
        var url = new Uri(hubUrl);
        var answer = await NegotiateAsync(url, token);
        if (answer.TryGetProperty("url", out var redirect))
        {
            url = new Uri(redirect.GetString()!);
            token = answer.GetProperty("accessToken").GetString();
            answer = await NegotiateAsync(url, token);
        }

        var address = new UriBuilder(url) { Scheme = "ws" };
        address.Query += $"&id={answer.GetProperty("connectionToken").GetString()}{(token is null ? "" : $"&access_token={token}")}";
        var client = new RawClient();
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        await client._socket.ConnectAsync(address.Uri, deadline.Token);
        var handshake = Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}{{Separator}}""");
        await client._socket.SendAsync(handshake, WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        await client.ReadUntilAsync(message => message == "{}");
        return client;
    }

    /// <summary>The connection id, as the hub says it first of all.</summary>
    public async Task<string> ReadWelcomeAsync()
    {
        var welcome = await ReadUntilAsync(message => message.Contains("\"Welcome\"", StringComparison.Ordinal));
        return JsonDocument.Parse(welcome).RootElement.GetProperty("arguments")[0].GetString()!;
    }

    /// <summary>The hub's close message; empty when the connection just ended.</summary>
    public Task<string> ReadCloseAsync() => ReadUntilAsync(message => message.StartsWith("""{"type":7""", StringComparison.Ordinal));

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<JsonElement> NegotiateAsync(Uri url, string? token)
    {
        var negotiate = new UriBuilder(url);
        negotiate.Path = negotiate.Path.TrimEnd('/') + "/negotiate";
        negotiate.Query = negotiate.Query.Length == 0 ? "?negotiateVersion=1" : negotiate.Query + "&negotiateVersion=1";
        using var request = new HttpRequestMessage(HttpMethod.Post, negotiate.Uri);
        if (token is not null)
        {
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<string> ReadUntilAsync(Func<string, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Process);
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                // Several messages may come at once, so what came with an earlier one is looked at first.
                if (_text.ToString().Split(Separator).FirstOrDefault(condition) is { } message)
                {
                    return message;
                }

                var read = await _socket.ReceiveAsync(buffer, deadline.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    return "";
                }

                _text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            }
        }
        catch (WebSocketException)
        {
            return "";
        }
    }
}
