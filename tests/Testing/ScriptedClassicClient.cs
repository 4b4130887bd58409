using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>A classic client that is connected to a <see cref="ScriptedGateway"/>, as the app server sees it.</summary>
public sealed class ScriptedClassicClient
{
    private readonly ScriptedServerConnection _server;
    private int _lastId;

    private ScriptedClassicClient(ScriptedServerConnection server, string id)
    {
        _server = server;
        Id = id;
    }

    public string Id { get; }

    /// <summary>Opens the client on a server connection of the application.</summary>
    /// <param name="server">The server connection.</param>
    /// <param name="id">Connection id.</param>
    /// <param name="hubs">Hubs it names; null for a client without hubs.</param>
    /// <param name="claims">Claims of its token.</param>
    /// <param name="headers">Headers of its request.</param>
    /// <param name="query">More of its query, with a leading <c>&amp;</c>.</param>
    public static async Task<ScriptedClassicClient> OpenAsync(
        ScriptedServerConnection server,
        string id,
        string[]? hubs,
        KeyValuePair<string, string>[]? claims = null,
        KeyValuePair<string, string[]>[]? headers = null,
        string query = "")
    {
        var data = hubs is null
            ? string.Empty
            : "&connectionData=" + Uri.EscapeDataString(JsonSerializer.Serialize(hubs.Select(hub => new { name = hub })));
        await server.SendAsync(new OpenConnectionMessage(
            id, claims ?? [], headers ?? [], "?clientProtocol=2.1&transport=webSockets&connectionToken=hidden" + data + query, null));
        return new ScriptedClassicClient(server, id);
    }

    /// <summary>The JSON in a nested payload.</summary>
    public static JsonElement Unwrap(ReadOnlyMemory<byte> payload) => NestedPayload.TryRead(payload, out var json)
        ? JsonDocument.Parse(json).RootElement
        : throw new InvalidOperationException("Not a nested payload: " + Encoding.UTF8.GetString(payload.Span));

    /// <summary>The JSON in the payload of a multicast message.</summary>
    public static JsonElement Unwrap(ServicePayloads payloads) =>
        payloads.TryGet("json", out var payload) ? Unwrap(payload) : throw new InvalidOperationException("No JSON payload.");

    public Task SendAsync(string text) => _server.SendAsync(new ConnectionDataMessage(Id, Encoding.UTF8.GetBytes(text)));

    /// <summary>Calls a hub method and returns its id.</summary>
    public async Task<string> CallAsync(string hub, string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await SendAsync(JsonSerializer.Serialize(new { H = hub, M = method, A = arguments, I = id }));
        return id;
    }

    /// <summary>Calls a hub method and returns the whole answer.</summary>
    public async Task<JsonElement> InvokeAsync(string hub, string method, params object?[] arguments) =>
        await AnswerAsync(await CallAsync(hub, method, arguments));

    /// <summary>The answer to a call; a call without an id is answered without one.</summary>
    public Task<JsonElement> AnswerAsync(string? id) =>
        ReadAsync(json => json.TryGetProperty("I", out var answered) && answered.GetString() == id);

    /// <summary>The first message in an envelope sent to this client alone.</summary>
    public async Task<JsonElement> MessageAsync()
    {
        var envelope = await ReadAsync(static json => json.TryGetProperty("M", out _));
        return Assert(envelope).EnumerateArray().Single();
    }

    /// <summary>The client is gone; an error means it was lost.</summary>
    public Task CloseAsync(string? error = null) => _server.SendAsync(new CloseConnectionMessage(Id, error, []));

    /// <summary>The app server's own word that ends this client.</summary>
    public Task<CloseConnectionMessage> ClosedAsync() => _server.TakeAsync<CloseConnectionMessage>(message => message.ConnectionId == Id);

    private static JsonElement Assert(JsonElement envelope) => envelope.GetProperty("C").GetString() == "0"
        ? envelope.GetProperty("M")
        : throw new InvalidOperationException("Not an envelope: " + envelope);

    private async Task<JsonElement> ReadAsync(Func<JsonElement, bool> match)
    {
        var data = await _server.TakeAsync<ConnectionDataMessage>(message => message.ConnectionId == Id && match(Unwrap(message.Payload)));
        return Unwrap(data.Payload);
    }
}
