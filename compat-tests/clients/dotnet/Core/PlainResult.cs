using System.Collections;
using System.Globalization;

namespace Tandem.Compat.Clients;

/// <summary>
/// Results as JSON would have them. In JSON the library hands out JSON itself; in MessagePack it hands out numbers, lists and dictionaries
/// whose keys may be anything.
/// </summary>
internal static class PlainResult
{
    public static object? Of(object? value) => value switch
    {
        // A text in base64, as in JSON.
        string or byte[] => value,
        IDictionary dictionary => Of(dictionary),
        IEnumerable list => list.Cast<object?>().Select(Of).ToList(),
        _ => value,
    };

    private static Dictionary<string, object?> Of(IDictionary dictionary)
    {
        Dictionary<string, object?> members = [];
        foreach (DictionaryEntry entry in dictionary)
        {
            members[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = Of(entry.Value);
        }

        return members;
    }
}
