using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>Says all fields of a message in one line, so that two messages are equal when their lines are.</summary>
internal static class MessageText
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static string Of(ServiceMessage message)
    {
        var properties = Properties.GetOrAdd(message.GetType(), PropertiesOf);
        return message.GetType().Name + " { " + string.Join(", ", properties.Select(property => property.Name + "=" + Say(property.GetValue(message)))) + " }";
    }

    private static PropertyInfo[] PropertiesOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.Name, StringComparer.Ordinal),
    ];

    private static string Say(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        ReadOnlyMemory<byte> bytes => Say(bytes.Span),
        ServicePayloads payloads => "[" + string.Join(", ", payloads.Items.ToArray().Select(item => Quote(item.Protocol) + ": " + Say(item.Bytes.Span))) + "]",
        KeyValuePair<string, string> pair => Quote(pair.Key) + ": " + Quote(pair.Value),
        KeyValuePair<string, string[]> pair => Quote(pair.Key) + ": " + Say(pair.Value),
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Say)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Say(ReadOnlySpan<byte> bytes) => bytes.Length <= 32
        ? "bin " + Convert.ToHexString(bytes)
        : "bin of " + bytes.Length + " " + Convert.ToHexString(SHA256.HashData(bytes));

    // Long texts by their hash: a failure must stay readable.
    private static string Quote(string text) => text.Length <= 64
        ? "\"" + text + "\""
        : "text of " + text.Length + " " + Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(text)));
}
