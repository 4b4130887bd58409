using System.Text;
using System.Text.Json;
using Tandem.Routing.Hubs;

namespace Tandem.Gateway.ServerConnections;

/// <summary>Reads what an app server says of its hub: <c>{"name":"ChatHub","methods":[…],"streams":[…],"uploads":[…]}</c>.</summary>
internal static class HubDescriptionReader
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxMethods = 2000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <summary>The description; null when it is none, or too large.</summary>
    public static HubDescription? Read(string json)
    {
        if (json.Length > MaxBytes || Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name", out var name) && name.GetString() is { Length: > 0 } text
                && Names(root, "methods") is { } methods && Names(root, "streams") is { } streams && Names(root, "uploads") is { } uploads
                ? new HubDescription(text, methods, streams, uploads)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a value of another kind.
            return null;
        }
    }

    /// <summary>A list of names; an empty one when it is missing, as versions to come may do without.</summary>
    private static string[]? Names(JsonElement root, string property)
    {
        if (!root.TryGetProperty(property, out var list))
        {
            return [];
        }

        return list.GetArrayLength() > MaxMethods ? null : [.. list.EnumerateArray().Select(static name => name.GetString()).OfType<string>()];
    }
}
