using System.Text.Json;

namespace Tandem.Compat.Matrix.Running;

/// <summary>
/// What the texts in scenarios stand for: <c>$id:WHO</c> and <c>$user:WHO</c> of a member, <c>$kind:NAME</c> and <c>$group:NAME</c> that no other
/// run uses, <c>$text:LENGTH</c>, <c>$unicode</c>, and <c>$numbers</c>, the group that numbered messages go to while something happens.
/// </summary>
/// <param name="run">Unique.</param>
/// <param name="find">Finds a member.</param>
/// <param name="numbers">The group of the happening.</param>
internal sealed class Values(string run, Func<string, Member> find, string numbers)
{
    private const string Unicode = "Grüße, Ελλάδα, עברית, 中文, 👩‍👩‍👧 \u2028\u2029 \"\\/\" \u0001\u001e\u001f\u007f \r\n\n data: <b>&amp;</b> end";

    public string Text(string text)
    {
        if (!text.StartsWith('$'))
        {
            return text;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (word, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return word switch
        {
            "$id" => find(rest).Id,
            "$user" => find(rest).User,
            "$kind" or "$group" => $"{rest} of {run}",
            "$text" => Long(int.Parse(rest, System.Globalization.CultureInfo.InvariantCulture)),
            "$unicode" => Unicode,
            "$numbers" => numbers,
            _ => throw new InvalidDataException($"\"{text}\" stands for nothing."),
        };
    }

    /// <summary>The value with all its texts replaced.</summary>
    public object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value)),
        _ => value,
    };

    // Every piece of it differs from every other, so that nothing lost or doubled goes unnoticed.
    private static string Long(int length) => string.Create(length, 0, static (text, _) =>
    {
        const int Piece = 8;
        for (var at = 0; at < text.Length; at += Piece)
        {
            $"{at / Piece,Piece}"[..Math.Min(Piece, text.Length - at)].CopyTo(text[at..]);
        }
    });
}
