using System.Buffers;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>A Core client made by hand: every request, frame and record it sends is the test's, and all that comes back can be looked at.</summary>
public sealed partial class RawCoreClient : IAsyncDisposable
{
    /// <summary>Ends a JSON record.</summary>
    public const char RecordSeparator = '\u001e';

    private readonly SocketsHttpHandler _handler = new() { UseCookies = false };
    private readonly CancellationTokenSource _stop = new();
    private readonly MessageLog<RawPiece> _pieces = new();
    private readonly MessageLog<RawPiece> _records = new();
    private readonly ArrayBufferWriter<byte> _uncut = new();
    private readonly TaskCompletionSource<RawEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _pump = Task.CompletedTask;
    private ClientWebSocket? _socket;
    private bool _handshakeDone;
    private bool _disposed;

    /// <summary>Makes a client that has sent nothing yet.</summary>
    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="token">The access token; null for none.</param>
    /// <param name="hub">The hub in its URLs.</param>
    public RawCoreClient(Uri gateway, string? token, string hub = "chat")
    {
        Gateway = gateway;
        Token = token;
        Hub = hub;
        _handler.ConnectCallback = ConnectSocketAsync;
        Http = new HttpClient(_handler) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Gateway { get; }

    public string? Token { get; set; }

    public string Hub { get; }

    public HttpClient Http { get; }

    /// <summary>Headers of every request, beside the token's.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Sends the token in the query instead of the header.</summary>
    public bool TokenInQuery { get; set; }

    /// <summary>Further query parameters of every request, with a leading <c>&amp;</c>.</summary>
    public string Query { get; set; } = string.Empty;

    /// <summary>The value of <c>id</c>: the connection token. Null before negotiate.</summary>
    public string? Id { get; set; }

    /// <summary>The public name; empty when the client did not negotiate.</summary>
    public string ConnectionId { get; private set; } = string.Empty;

    public RawTransport Transport { get; private set; }

    /// <summary>How records are told apart: 0x1E, or by length prefixes.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Receive buffer of TCP sockets that are opened from now on; null for the system's choice.</summary>
    public int? ReceiveBufferBytes { get; set; }

    /// <summary>Whole WebSocket messages, events and polls in order of arrival.</summary>
    public MessageLog<RawPiece> Pieces => _pieces;

    /// <summary>How the receiving side ended.</summary>
    public Task<RawEnd> Ended => _ended.Task.Within();

    /// <summary>Whether the receiving side has ended.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>The next record: up to and without 0x1E, or without its length prefix.</summary>
    public async Task<string> TakeAsync() => (await _records.TakeAsync(static _ => true, "A record")).Text;

    /// <inheritdoc cref="TakeAsync"/>
    public async Task<byte[]> TakeBytesAsync() => (await _records.TakeAsync(static _ => true, "A record")).Bytes;

    /// <summary>Records that came and were not taken.</summary>
    public IReadOnlyList<RawPiece> Records => _records.Items;

    /// <summary>Path and query of a client URL.</summary>
    public string Url(string path = "/client/", bool withId = true) =>
        $"{path}?hub={Uri.EscapeDataString(Hub)}{Query}"
        + (withId && Id is not null ? "&id=" + Id : string.Empty)
        + (TokenInQuery && Token is not null ? "&access_token=" + Token : string.Empty);

    /// <summary>Sends any request, with the token.</summary>
    public async Task<HttpResponseMessage> RequestAsync(
        HttpMethod method,
        string url,
        HttpContent? content = null,
        string? accept = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (Token is not null && !TokenInQuery)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        return await Http.SendAsync(request, completion, stopped.Token);
    }

    /// <summary>Negotiates, and keeps what the gateway says when it says yes.</summary>
    public async Task<HttpResponseMessage> NegotiateAsync(string query = "&negotiateVersion=1")
    {
        var response = await RequestAsync(HttpMethod.Post, Url("/client/negotiate", withId: false) + query);
        if (response.IsSuccessStatusCode)
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            ConnectionId = answer.RootElement.GetProperty("connectionId").GetString()!;
            Id = answer.RootElement.TryGetProperty("connectionToken", out var token) ? token.GetString() : ConnectionId;
        }

        return response;
    }

    /// <summary>Sends a POST with messages.</summary>
    public Task<HttpResponseMessage> PostAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, Url(), new ReadOnlyMemoryContent(bytes), cancellationToken: cancellationToken);

    /// <inheritdoc cref="PostAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<HttpResponseMessage> PostAsync(string text) => PostAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Says goodbye as long polling does.</summary>
    public Task<HttpResponseMessage> DeleteAsync() => RequestAsync(HttpMethod.Delete, Url());

    /// <summary>One poll.</summary>
    public Task<HttpResponseMessage> PollAsync(CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, Url(), cancellationToken: cancellationToken);

    /// <summary>Cuts everything off: sockets are closed in the middle of whatever they do.</summary>
    public void Abort()
    {
        _stop.Cancel();
        _socket?.Abort();
        _handler.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Abort();
        await _pump.Within();
        _socket?.Dispose();
        Http.Dispose();
        _stop.Dispose();
    }

    private void Received(RawPiece piece)
    {
        _pieces.Add(piece);
        _uncut.Write(piece.Bytes);
        var input = new ReadOnlySequence<byte>(_uncut.WrittenMemory.ToArray());
        while (TryCut(ref input, out var record))
        {
            _records.Add(piece with { Bytes = record.ToArray() });
        }

        _uncut.ResetWrittenCount();
        _uncut.Write(input.ToArray());
    }

    private bool TryCut(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> record)
    {
        // The handshake response is a JSON record in every protocol.
        if (IsBinary && _handshakeDone)
        {
            return ServiceFraming.TryRead(ref input, int.MaxValue, out record) == FrameReadResult.Frame;
        }

        record = default;
        if (input.PositionOf((byte)RecordSeparator) is not { } end)
        {
            return false;
        }

        record = input.Slice(0, end);
        input = input.Slice(input.GetPosition(1, end));
        _handshakeDone = true;
        return true;
    }
}
