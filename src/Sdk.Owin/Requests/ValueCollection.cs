using System.Collections;
using System.Net;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.Sdk.Owin;

/// <summary>Query parameters or headers as classic hubs see them: names without case, several values of one name joined by commas.</summary>
internal sealed class ValueCollection : INameValueCollection
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    public string? this[string key] => Get(key);

    /// <summary>Reads a query, with or without its leading <c>?</c>.</summary>
    public static ValueCollection ParseQuery(string? query)
    {
        var collection = new ValueCollection();
        foreach (var part in (query ?? string.Empty).TrimStart('?').Split(['&'], StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = part.IndexOf('=');
            collection.Add(
                WebUtility.UrlDecode(separator < 0 ? part : part.Substring(0, separator)),
                separator < 0 ? string.Empty : WebUtility.UrlDecode(part.Substring(separator + 1)));
        }

        return collection;
    }

    public void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values.Add(name, values = []);
        }

        values.Add(value);
    }

    /// <summary>Puts one value in the place of all that the name has.</summary>
    public void Set(string name, string value) => _values[name] = [value];

    public void Remove(string name) => _values.Remove(name);

    public string? Get(string key) => _values.TryGetValue(key, out var values) ? string.Join(",", values) : null;

    public IEnumerable<string>? GetValues(string key) => _values.TryGetValue(key, out var values) ? values : null;

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        _values.Select(static pair => new KeyValuePair<string, string>(pair.Key, string.Join(",", pair.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
