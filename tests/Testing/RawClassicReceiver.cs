using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Tandem.Testing;

/// <summary>A receiving side of a <see cref="RawClassicClient"/>, until it ends or is cut.</summary>
public sealed class RawClassicReceiver : IAsyncDisposable
{
    private readonly RawClassicClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RawEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageLog<string> _received = new();
    private readonly ClientWebSocket? _socket;
    private readonly HttpResponseMessage? _events;
    private readonly Queue<string> _items = new();
    private readonly Task _pump;
    private bool _disposed;

    private RawClassicReceiver(RawClassicClient client, ClientWebSocket? socket, HttpResponseMessage? events, string suffix, string? messageId)
    {
        _client = client;
        _socket = socket;
        _events = events;
        _pump = socket is not null ? ReceiveSocketAsync(socket) : events is not null ? ReceiveEventsAsync(events) : ReceivePollsAsync(suffix, messageId);
    }

    /// <summary>How it ended.</summary>
    public Task<RawEnd> Ended => _ended.Task.Within();

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>What came and was not taken: envelopes, results, keep-alives.</summary>
    public IReadOnlyList<string> Received => _received.Items;

    public static RawClassicReceiver Of(RawClassicClient client, ClientWebSocket socket) => new(client, socket, null, string.Empty, null);

    public static RawClassicReceiver Of(RawClassicClient client, HttpResponseMessage events) => new(client, null, events, string.Empty, null);

    /// <summary>Polls and polls: first with this suffix, then with <c>poll</c>.</summary>
    public static RawClassicReceiver OfPolls(RawClassicClient client, string suffix, string? messageId) => new(client, null, null, suffix, messageId);

    /// <summary>The next JSON text, as it came.</summary>
    public Task<string> TakeAsync() => _received.TakeAsync(static _ => true, "A message");

    /// <summary>The next one that is no keep-alive, and has no cursor either: a result.</summary>
    public Task<string> TakeResultAsync() => _received.TakeAsync(static text => text != "{}" && !text.StartsWith("{\"C\"", StringComparison.Ordinal), "A result");

    /// <summary>The next envelope.</summary>
    public async Task<JsonElement> TakeEnvelopeAsync()
    {
        var text = await _received.TakeAsync(static text => text.StartsWith("{\"C\"", StringComparison.Ordinal), "An envelope");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>The next item of an envelope; empty envelopes do not count.</summary>
    public async Task<string> TakeItemAsync()
    {
        while (_items.Count == 0)
        {
            var envelope = await TakeEnvelopeAsync();
            foreach (var item in envelope.GetProperty("M").EnumerateArray())
            {
                _items.Enqueue(item.GetRawText());
            }
        }

        return _items.Dequeue();
    }

    /// <summary>Sends a text message on the WebSocket.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends a message, or a part of one, on the WebSocket.</summary>
    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool endOfMessage = true) =>
        _socket!.SendAsync(bytes, type, endOfMessage, CancellationToken.None).Within();

    /// <summary>Begins to close the WebSocket.</summary>
    public Task CloseAsync() => _socket!.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();

    /// <summary>Cuts it.</summary>
    public async Task CutAsync()
    {
        if (_disposed)
        {
            return;
        }

        await _stop.CancelAsync();
        _socket?.Abort();
        await _pump.Within();
        // Only now: giving a response up while it is read hands its connection on with half a message on it.
        _events?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        await CutAsync();
        _disposed = true;
        _socket?.Dispose();
        _stop.Dispose();
    }

    private void OnReceived(string text)
    {
        if (text.StartsWith("{\"C\"", StringComparison.Ordinal))
        {
            using var json = JsonDocument.Parse(text);
            _client.MessageId = json.RootElement.GetProperty("C").GetString();
        }

        _received.Add(text);
    }

    private async Task ReceiveSocketAsync(ClientWebSocket socket)
    {
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    _ended.TrySetResult(new RawEnd(true, socket.CloseStatus));
                    if (socket.State == WebSocketState.CloseReceived)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }

                    return;
                }

                message.Write(buffer, 0, result.Count);
                if (result.EndOfMessage)
                {
                    OnReceived(Encoding.UTF8.GetString(message.ToArray()));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }

    private async Task ReceiveEventsAsync(HttpResponseMessage response)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var isFirst = true;
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                // As the .NET client does: every line is an event.
                if (line.Length == 0)
                {
                    continue;
                }

                if (!line.StartsWith("data: ", StringComparison.Ordinal) || isFirst != (line == "data: initialized"))
                {
                    throw new InvalidDataException("Not the event stream of a classic server: " + line);
                }

                if (!isFirst)
                {
                    OnReceived(line[6..]);
                }

                isFirst = false;
            }

            _ended.TrySetResult(new RawEnd(true));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }

    private async Task ReceivePollsAsync(string suffix, string? messageId)
    {
        try
        {
            for (; ; suffix = "poll", messageId = _client.MessageId)
            {
                using var response = await _client.PollAsync(suffix, messageId, _stop.Token);
                var text = (await response.Content.ReadAsStringAsync(_stop.Token)).TrimStart(' ');
                if (response.IsSuccessStatusCode)
                {
                    OnReceived(text);
                }

                using var json = response.IsSuccessStatusCode ? JsonDocument.Parse(text) : null;
                if (json is null || json.RootElement.TryGetProperty("E", out _) || json.RootElement.TryGetProperty("T", out _))
                {
                    _ended.TrySetResult(new RawEnd(json is not null, Status: (int)response.StatusCode));
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException or InvalidOperationException)
        {
            _ended.TrySetResult(new RawEnd(false));
        }
    }
}
