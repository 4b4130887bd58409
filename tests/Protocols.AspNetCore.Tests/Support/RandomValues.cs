using System.Text;

namespace Tandem.Protocols.AspNetCore.Tests.Support;

/// <summary>
/// Values an application may send: null, booleans, <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, texts, binary, lists and
/// dictionaries, with a liking for the edges.
/// </summary>
internal sealed class RandomValues(int seed)
{
    private static readonly double[] Doubles =
    [
        0.0, -0.0, double.Epsilon, -double.Epsilon, 2.2250738585072014E-308, 2.225073858507201E-308, double.MaxValue, double.MinValue, 0.1, 1.0 / 3, 1.0, -1.0,
        9007199254740991, 9007199254740992, 9007199254740994, 1E15, 999999999999999.9, 1E16, 1.2345678901234567E+17, 1E21, 1E22, 1E23, 9.223372036854775E18, 9.223372036854776E18,
        1.8446744073709552E19, 5E-324, 1E-7, 1.5E300,
    ];

    private static readonly long[] Longs =
    [
        0, 1, -1, 23, 31, 32, 127, 128, -32, -33, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue,
        9007199254740991, 9007199254740992, 9007199254740993, -9007199254740993, long.MaxValue, long.MinValue,
    ];

    private static readonly string[] Texts =
    [
        "", " ", "null", "\0", "\u0001\u001e\u001f\u007f\u0080\u2028\u2029", "\"\\/\b\f\n\r\t", "<>&'+`", "ü€😀", "\U0010FFFF\U00010000", "\uFEFF\uFFFD\uFFFF", "שלום", "e\u0301",
        "{\"C\":\"0\",\"M\":[]}", "P|1", "\\ud800", "2024-02-29T12:30:15Z", new('x', 31), new('x', 32), new('ü', 128), new('x', 65_536),
    ];

    private readonly Random _random = new(seed);

    public object? Next(int depth = 0) => _random.Next(depth > 5 ? 8 : 11) switch
    {
        0 => null,
        1 => _random.Next(2) == 0,
        2 => Longs[_random.Next(Longs.Length)],
        3 => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64),
        4 => ulong.MaxValue - (ulong)_random.NextInt64(long.MaxValue),
        5 => Double(),
        6 => Text(),
        7 => Binary(),
        8 or 9 => List(depth),
        _ => Map(depth),
    };

    private double Double()
    {
        if (_random.Next(2) == 0)
        {
            return Doubles[_random.Next(Doubles.Length)];
        }

        var value = BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(value) ? value : _random.Next() / 1000.0;
    }

    private string Text()
    {
        if (_random.Next(2) == 0)
        {
            return Texts[_random.Next(Texts.Length)];
        }

        var text = new StringBuilder();
        for (var left = _random.Next(40); left > 0; left--)
        {
            Rune rune;
            while (!Rune.TryCreate(_random.Next(2) == 0 ? _random.Next(0x300) : _random.Next(0x110000), out rune))
            {
                // Half a surrogate pair is no character; another one, then.
            }

            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private byte[] Binary()
    {
        var bytes = new byte[_random.Next(4) * _random.Next(100)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private List<object?> List(int depth) => [.. Enumerable.Range(0, _random.Next(_random.Next(2) == 0 ? 4 : 20)).Select(_ => Next(depth + 1))];

    private Dictionary<string, object?> Map(int depth)
    {
        var map = new Dictionary<string, object?>();
        for (var left = _random.Next(5); left > 0; left--)
        {
            map[Text()] = Next(depth + 1);
        }

        return map;
    }
}
