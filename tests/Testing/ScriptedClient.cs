using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>A JSON client that is connected to a <see cref="ScriptedGateway"/>, as the app server sees it.</summary>
public sealed class ScriptedClient
{
    private const char RecordSeparator = '\u001e';

    private readonly ScriptedServerConnection _server;
    private readonly Queue<JsonElement> _records = new();

    private ScriptedClient(ScriptedServerConnection server, string id)
    {
        _server = server;
        Id = id;
    }

    public string Id { get; }

    /// <summary>Opens the client and shakes hands.</summary>
    public static async Task<ScriptedClient> ConnectAsync(
        ScriptedServerConnection server,
        string id,
        KeyValuePair<string, string>[]? claims = null,
        KeyValuePair<string, string[]>[]? headers = null,
        string query = "")
    {
        var client = new ScriptedClient(server, id);
        await client.OpenAsync(claims, headers, query);
        var answer = await client.ReadAsync();
        return answer.EnumerateObject().Any() ? throw new InvalidOperationException("Handshake refused: " + answer) : client;
    }

    /// <summary>Opens the client and sends the handshake, without waiting for its answer.</summary>
    public static async Task<ScriptedClient> OpenAsync(
        ScriptedServerConnection server, string id, KeyValuePair<string, string[]>[]? headers = null)
    {
        var client = new ScriptedClient(server, id);
        await client.OpenAsync(null, headers, string.Empty);
        return client;
    }

    public Task SendAsync(string json) =>
        _server.SendAsync(new ConnectionDataMessage(Id, Encoding.UTF8.GetBytes(json + RecordSeparator)));

    /// <summary>Invokes a hub method; <paramref name="invocationId"/> null for no answer.</summary>
    public Task InvokeAsync(string method, string? invocationId = null, params object?[] arguments) =>
        SendAsync(JsonSerializer.Serialize(invocationId is null
            ? new { type = 1, target = method, arguments }
            : (object)new { type = 1, invocationId, target = method, arguments }));

    public Task CloseAsync(params KeyValuePair<string, string[]>[] headers) =>
        _server.SendAsync(new CloseConnectionMessage(Id, null, headers));

    /// <summary>The next hub message sent to this client alone.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        if (_records.Count == 0)
        {
            var data = await _server.TakeAsync<ConnectionDataMessage>(message => message.ConnectionId == Id);
            foreach (var record in Encoding.UTF8.GetString(data.Payload.Span).Split(RecordSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                _records.Enqueue(JsonDocument.Parse(record).RootElement);
            }
        }

        return _records.Dequeue();
    }

    private async Task OpenAsync(KeyValuePair<string, string>[]? claims, KeyValuePair<string, string[]>[]? headers, string query)
    {
        await _server.SendAsync(new OpenConnectionMessage(Id, claims ?? [], headers ?? [], query, "json"));
        await SendAsync("""{"protocol":"json","version":1}""");
    }
}
