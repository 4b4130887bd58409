using System.Collections;
using System.Collections.Specialized;
using System.Net;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.LegacyAppServer;

/// <summary>Headers, a query or a form, for the real SignalR.</summary>
internal sealed class RealValues : INameValueCollection
{
    private readonly NameValueCollection _values = new(StringComparer.OrdinalIgnoreCase);

    public RealValues(IEnumerable<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values)
        {
            _values.Add(name, value);
        }
    }

    public string? this[string key] => _values[key];

    /// <summary>Reads <c>name=value&amp;…</c>.</summary>
    public static RealValues Parse(string pairs) => new(
        pairs.Split(['&'], StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split(['='], 2))
            .Select(static pair => (WebUtility.UrlDecode(pair[0])!, pair.Length < 2 ? "" : WebUtility.UrlDecode(pair[1])!)));

    public string? Get(string key) => _values.Get(key);

    public IEnumerable<string>? GetValues(string key) => _values.GetValues(key);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        _values.AllKeys.Select(key => new KeyValuePair<string, string>(key!, _values[key]!)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
