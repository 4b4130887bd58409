using System.Text.Json;

namespace Tandem.Sdk.Core;

/// <summary>Reads the hubs a classic client names: <c>[{"name":"chathub"}]</c>.</summary>
internal static class ConnectionData
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <summary>The names; none when nothing is said.</summary>
    /// <exception cref="FormatException">It is something else, or names a hub twice.</exception>
    public static IReadOnlyList<string> Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        var names = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Null)
            {
                foreach (var hub in document.RootElement.EnumerateArray())
                {
                    names.Add(ReadName(hub));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("connectionData is not a list of hubs.", exception);
        }

        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count
            ? names
            : throw new FormatException("Duplicate Hub names found.");
    }

    private static string ReadName(JsonElement hub)
    {
        foreach (var property in hub.EnumerateObject())
        {
            if (property.Name.Equals("name", StringComparison.OrdinalIgnoreCase) && property.Value.GetString() is { } name)
            {
                return name;
            }
        }

        throw new FormatException("A hub of connectionData has no name.");
    }
}
