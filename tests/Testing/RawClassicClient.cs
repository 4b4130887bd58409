using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tandem.Testing;

/// <summary>A classic client made by hand: every request and frame it sends is the test's, and all that comes back can be looked at.</summary>
public sealed class RawClassicClient : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new() { UseCookies = false };

    /// <summary>Makes a client that has sent nothing yet.</summary>
    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="token">The access token; null for none.</param>
    public RawClassicClient(Uri gateway, string? token)
    {
        Gateway = gateway;
        Token = token;
        Http = new HttpClient(_handler) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Gateway { get; }

    public HttpClient Http { get; }

    public string? Token { get; set; }

    /// <summary>Sends the token in the query instead of the header.</summary>
    public bool TokenInQuery { get; set; }

    /// <summary>Where the client connects.</summary>
    public string Path { get; set; } = "/aspnetclient";

    /// <summary>Value of <c>clientProtocol</c>; null sends none.</summary>
    public string? Protocol { get; set; } = "2.1";

    /// <summary>Value of <c>connectionData</c>; null sends none, as clients of a PersistentConnection.</summary>
    public string? ConnectionData { get; set; } = """[{"name":"chat"}]""";

    /// <summary>Further query parameters of every request, with a leading <c>&amp;</c>.</summary>
    public string Query { get; set; } = string.Empty;

    /// <summary>Headers of every request, beside the token's.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>The public name; empty before negotiate.</summary>
    public string ConnectionId { get; set; } = string.Empty;

    /// <summary>The connection token; null before negotiate.</summary>
    public string? ConnectionToken { get; set; }

    /// <summary>The cursor of the last envelope that was seen.</summary>
    public string? MessageId { get; set; }

    /// <summary>Name of the transport in requests.</summary>
    public string Transport { get; set; } = "webSockets";

    /// <summary>Path and query of a request.</summary>
    public string Url(string suffix, string? messageId = null, string more = "")
    {
        var url = new StringBuilder(Path).Append('/').Append(suffix).Append('?');
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                url.Append(url[^1] == '?' ? string.Empty : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("clientProtocol", Protocol);
        if (suffix != "negotiate")
        {
            Add("transport", Transport);
            Add("connectionToken", ConnectionToken);
        }

        Add("connectionData", ConnectionData);
        Add("messageId", messageId);
        Add("access_token", TokenInQuery ? Token : null);
        return url.Append(Query).Append(more).ToString();
    }

    /// <summary>Sends any request, with the token.</summary>
    public async Task<HttpResponseMessage> RequestAsync(
        HttpMethod method,
        string url,
        HttpContent? content = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (Token is not null && !TokenInQuery)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, completion, cancellationToken);
    }

    /// <summary>Gets an answer as text, which must be a success.</summary>
    public async Task<string> GetAsync(string suffix, string? messageId = null)
    {
        using var response = await RequestAsync(HttpMethod.Get, Url(suffix, messageId));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new HttpRequestException(text, null, response.StatusCode);
    }

    /// <summary>Negotiates, and keeps what the gateway says.</summary>
    public async Task<JsonElement> NegotiateAsync()
    {
        using var answer = JsonDocument.Parse(await GetAsync("negotiate"));
        ConnectionId = answer.RootElement.GetProperty(nameof(ConnectionId)).GetString()!;
        ConnectionToken = answer.RootElement.GetProperty(nameof(ConnectionToken)).GetString();
        return answer.RootElement.Clone();
    }

    /// <summary>Says that it has received the first envelope.</summary>
    public Task<string> StartAsync() => GetAsync("start");

    /// <summary>Negotiates, connects and starts.</summary>
    public async Task<RawClassicReceiver> BeginAsync(string transport)
    {
        Transport = transport;
        await NegotiateAsync();
        var stream = await ConnectAsync();
        if (await StartAsync() is var started && started != """{ "Response": "started" }""")
        {
            throw new InvalidDataException(started);
        }

        return stream;
    }

    /// <summary>Connects, and takes the first envelope.</summary>
    public async Task<RawClassicReceiver> ConnectAsync()
    {
        var stream = await OpenAsync("connect");
        MessageId = null;
        var first = await stream.TakeEnvelopeAsync();
        return first.TryGetProperty("S", out _) ? stream : throw new InvalidDataException(first.ToString());
    }

    /// <summary>Opens a receiving side.</summary>
    public async Task<RawClassicReceiver> OpenAsync(string suffix, string? messageId = null) => Transport switch
    {
        "webSockets" => RawClassicReceiver.Of(this, await OpenSocketAsync(Url(suffix, messageId))),
        "serverSentEvents" => RawClassicReceiver.Of(this, await OpenEventsAsync(Url(suffix, messageId))),
        _ => RawClassicReceiver.OfPolls(this, suffix, messageId),
    };

    /// <summary>Opens a receiving side after having lost the one before.</summary>
    public Task<RawClassicReceiver> ReconnectAsync() => OpenAsync("reconnect", MessageId);

    /// <summary>One poll as JavaScript clients send it: the cursor in a form.</summary>
    public Task<HttpResponseMessage> PollAsync(string suffix = "poll", string? messageId = null, CancellationToken cancellationToken = default) =>
        RequestAsync(
            HttpMethod.Post,
            Url(suffix),
            messageId is null ? null : new FormUrlEncodedContent([new("messageId", messageId)]),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

    /// <summary>A message in a POST as JavaScript clients send it.</summary>
    public Task<HttpResponseMessage> SendAsync(string data, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, Url("send"), new FormUrlEncodedContent([new("data", data)]), cancellationToken: cancellationToken);

    /// <summary>Says goodbye.</summary>
    public async Task AbortAsync()
    {
        using var response = await RequestAsync(HttpMethod.Post, Url("abort"));
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.ToString() != "text/plain")
        {
            throw new HttpRequestException(response.ToString());
        }
    }

    /// <summary>Opens a WebSocket and leaves it alone.</summary>
    public async Task<ClientWebSocket> OpenSocketAsync(string url)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.CollectHttpResponseDetails = true;
        if (Token is not null && !TokenInQuery)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + Token);
        }

        foreach (var (name, value) in Headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        try
        {
            await socket.ConnectAsync(new Uri("ws://" + Gateway.Authority + url), CancellationToken.None).Within();
        }
        catch (WebSocketException exception) when (socket.HttpStatusCode != 0)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw new HttpRequestException("The gateway refused the WebSocket.", exception, status);
        }

        return socket;
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<HttpResponseMessage> OpenEventsAsync(string url)
    {
        var response = await RequestAsync(HttpMethod.Get, url, completion: HttpCompletionOption.ResponseHeadersRead);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var text = await response.Content.ReadAsStringAsync();
        response.Dispose();
        throw new HttpRequestException(text, null, response.StatusCode);
    }
}
