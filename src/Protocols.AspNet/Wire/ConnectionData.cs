using System.Text;
using System.Text.Json;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>The hubs a client names: <c>connectionData=[{"name":"chat"}]</c>.</summary>
internal static class ConnectionData
{
    private const int MaxDepth = 20;

    /// <summary>Reads the list. Absent, empty, <c>null</c> and <c>[]</c> name no hub, which is allowed.</summary>
    /// <param name="text">The parameter's value.</param>
    /// <param name="maxLength">Characters it may have.</param>
    /// <param name="maxHubs">Hubs it may name.</param>
    /// <param name="hubs">The names as the client wrote them; names are compared without case.</param>
    /// <param name="error">What is wrong, for the client.</param>
    public static bool TryRead(string? text, int maxLength, int maxHubs, out IReadOnlyList<string> hubs, out string error)
    {
        hubs = [];
        error = string.Empty;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Length > maxLength)
        {
            error = $"The connectionData is longer than {maxLength} characters.";
            return false;
        }

        try
        {
            var names = Read(Encoding.UTF8.GetBytes(text));
            if (names.Count > maxHubs)
            {
                error = $"The connectionData names more than {maxHubs} hubs.";
                return false;
            }

            if (names.Find(static name => name.Contains('.', StringComparison.Ordinal)) is not null)
            {
                // Neither could groups of such a hub be told from those of another, nor tokens list it. ASP.NET SignalR allows none either.
                error = "The connectionData names a hub with a dot, and names of hubs have none.";
                return false;
            }

            if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Count)
            {
                error = "The connectionData names a hub twice.";
                return false;
            }

            hubs = names;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the reader says to half a surrogate pair.
            error = "The connectionData is not a JSON list of hubs.";
            return false;
        }
    }

    private static List<string> Read(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            EnsureEnd(ref reader);
            return names;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            names.Add(ReadName(ref reader));
        }

        EnsureEnd(ref reader);
        return names;
    }

    private static string ReadName(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        string? name = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.GetString()!.Equals("name", StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String)
            {
                name = reader.GetString();
            }

            reader.Skip();
        }

        return string.IsNullOrEmpty(name) ? throw new JsonException() : name;
    }

    private static void EnsureEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            // Only white space may follow; anything else throws.
        }
    }
}
