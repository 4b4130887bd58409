using System.Text.Json;

namespace Tandem.Compat.Clients;

/// <summary>JSON as values of .NET: texts, numbers, lists and dictionaries.</summary>
internal static class PlainValue
{
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when element.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(each => each.Name, each => Of(each.Value)),
        _ => null,
    };
}
