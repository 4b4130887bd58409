using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MessagePack;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

public sealed class TranscodingTests
{
    [Theory]
    [InlineData("0", "00")]
    [InlineData("127", "7F")]
    [InlineData("128", "CC80")]
    [InlineData("-1", "FF")]
    [InlineData("-33", "D0DF")]
    [InlineData("9007199254740993", "CF0020000000000001")]
    [InlineData("9223372036854775807", "CF7FFFFFFFFFFFFFFF")]
    [InlineData("-9223372036854775808", "D38000000000000000")]
    [InlineData("18446744073709551615", "CFFFFFFFFFFFFFFFFF")]
    [InlineData("18446744073709551616", "CB43F0000000000000")]
    [InlineData("-9223372036854775809", "CBC3E0000000000000")]
    [InlineData("-0", "CB8000000000000000")]
    [InlineData("-0.0", "CB8000000000000000")]
    [InlineData("1.0", "CB3FF0000000000000")]
    [InlineData("1e3", "CB408F400000000000")]
    [InlineData("1E+3", "CB408F400000000000")]
    [InlineData("0.1", "CB3FB999999999999A")]
    [InlineData("5e-324", "CB0000000000000001")]
    [InlineData("1e-400", "CB0000000000000000")]
    [InlineData("1.7976931348623157E308", "CB7FEFFFFFFFFFFFFF")]
    [InlineData("1E400", "CB7FF0000000000000")]
    [InlineData("-1E400", "CBFFF0000000000000")]
    [InlineData(" null ", "C0")]
    [InlineData("true", "C3")]
    [InlineData("false", "C2")]
    [InlineData("\"\"", "A0")]
    [InlineData("\"\\u0000\\b\\f\\n\\r\\t\\\"\\\\\\/\"", "A900080C0A0D09225C2F")]
    [InlineData("\"\\ud83d\\ude00\\u00fc\\u20AC\"", "A9F09F9880C3BCE282AC")]
    [InlineData("\"\\ud83d\"", "A3EFBFBD")]
    [InlineData("\"\\ude00x\"", "A4EFBFBD78")]
    [InlineData("\"\\ud83dx\"", "A4EFBFBD78")]
    [InlineData("\"\\ud83d\\n\"", "A4EFBFBD0A")]
    [InlineData("\"\\ud83d\\u0041\"", "A4EFBFBD41")]
    [InlineData("\"\\ud83d\\ud83d\\ude00\"", "A7EFBFBDF09F9880")]
    [InlineData("[]", "90")]
    [InlineData("{}", "80")]
    [InlineData("[[],{},[1,[2]]]", "93908092019102")]
    [InlineData("{\"a\":{\"b\":[1,2]},\"\":[{}]}", "82A16181A162920102A09180")]
    public void Json_becomes_messagepack(string json, string expected) => Assert.Equal(expected, Convert.ToHexString(ToMessagePack(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("00", "0")]
    [InlineData("FF", "-1")]
    [InlineData("CCFF", "255")]
    [InlineData("CDFFFF", "65535")]
    [InlineData("CEFFFFFFFF", "4294967295")]
    [InlineData("CFFFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData("CF0000000000000001", "1")]
    [InlineData("D080", "-128")]
    [InlineData("D18000", "-32768")]
    [InlineData("D280000000", "-2147483648")]
    [InlineData("D38000000000000000", "-9223372036854775808")]
    [InlineData("D30000000000000001", "1")]
    [InlineData("CA3DCCCCCD", "0.1")]
    [InlineData("CA7F7FFFFF", "3.4028235E+38")]
    [InlineData("CA00000001", "1E-45")]
    [InlineData("CA7FC00000", "\"NaN\"")]
    [InlineData("CA7F800000", "\"Infinity\"")]
    [InlineData("CAFF800000", "\"-Infinity\"")]
    [InlineData("CB3FB999999999999A", "0.1")]
    [InlineData("CB3FF0000000000000", "1")]
    [InlineData("CB8000000000000000", "-0")]
    [InlineData("CA80000000", "-0")]
    [InlineData("CB0000000000000001", "5E-324")]
    [InlineData("CB7FEFFFFFFFFFFFFF", "1.7976931348623157E+308")]
    [InlineData("CB4340000000000000", "9007199254740992")]
    [InlineData("CB430C6BF526340000", "1000000000000000")]
    [InlineData("CB4341C37937E08000", "10000000000000000")]
    [InlineData("CB43ABC16D674EC800", "1E+18")]
    [InlineData("CB7FF8000000000000", "\"NaN\"")]
    [InlineData("CB7FF0000000000000", "\"Infinity\"")]
    [InlineData("CBFFF0000000000000", "\"-Infinity\"")]
    [InlineData("C0", "null")]
    [InlineData("C2", "false")]
    [InlineData("A0", "\"\"")]
    [InlineData("A4F09F9880", "\"\ud83d\ude00\"")]
    [InlineData("A3FF4180", "\"\ufffdA\ufffd\"")]
    [InlineData("A3EDA080", "\"\ufffd\ufffd\ufffd\"")]
    [InlineData("C403FBFFFE", "\"+//+\"")]
    [InlineData("C400", "\"\"")]
    [InlineData("D6FF00000000", "\"1970-01-01T00:00:00Z\"")]
    [InlineData("D7FF0000019065000000", "\"2023-09-12T06:06:56.0000001Z\"")]
    [InlineData("C70CFF00000000FFFFFFFFFFFFFFFF", "\"1969-12-31T23:59:59Z\"")]
    [InlineData("80", "{}")]
    [InlineData("DE000101C0", "{\"1\":null}")]
    public void Messagepack_becomes_json(string bytes, string expected)
    {
        var json = ToJson(Convert.FromHexString(bytes));
        using var wanted = JsonDocument.Parse(expected);
        using var actual = JsonDocument.Parse(json);

        // How characters are escaped is not of interest, how numbers are written is.
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, actual.RootElement), json);
        Assert.True(actual.RootElement.ValueKind != JsonValueKind.Number || json == expected, json);
    }

    [Fact]
    public void Keys_that_are_no_texts_become_texts()
    {
        byte[] map =
        [
            0x8A, 0xFF, 0x01, 0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0xC0, 0x03, 0xC2, 0x04, 0xC3, 0x05, 0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0x06,
            0xCA, 0x3D, 0xCC, 0xCC, 0xCD, 0x07, 0xC4, 0x02, 0x01, 0x02, 0x08, 0xD6, 0xFF, 0, 0, 0, 0, 0x09, 0xA1, 0xFF, 0x0A,
        ];
        using var json = JsonDocument.Parse(ToJson(map));
        Assert.Equal(
            ["-1", "18446744073709551615", "null", "false", "true", "1.5", "0.1", "AQI=", "1970-01-01T00:00:00Z", "\ufffd"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Enumerable.Range(1, 10), json.RootElement.EnumerateObject().Select(member => member.Value.GetInt32()));
    }

    [Theory]
    [InlineData("D40501", "5")]
    [InlineData("C7026401FF", "100")]
    [InlineData("D4FE01", "-2")]
    public void Extensions_have_no_json(string bytes, string type) =>
        Assert.Contains(type, Assert.Throws<ProtocolViolationException>(() => ToJson(Convert.FromHexString(bytes))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("C70CFF000000007FFFFFFFFFFFFFFF")]
    [InlineData("C70CFF000000008000000000000000")]
    [InlineData("819001")]
    [InlineData("818001")]
    [InlineData("81D4050101")]
    public void What_json_cannot_hold_is_a_violation(string bytes) => Assert.Throws<ProtocolViolationException>(() => ToJson(Convert.FromHexString(bytes)));

    [Fact]
    public void Every_double_comes_back()
    {
        var random = new Random(20240601);
        for (var run = 0; run < 200_000; run++)
        {
            var bits = random.NextInt64(long.MinValue, long.MaxValue);
            var value = BitConverter.Int64BitsToDouble(run % 4 == 0 ? bits & ~0x7FF0_0000_0000_0000 : run % 4 == 1 ? BitConverter.DoubleToInt64Bits(random.Next()) : bits);
            if (!double.IsFinite(value))
            {
                continue;
            }

            var json = ToJson(MessagePackOf((ref MessagePackWriter writer) => writer.Write(value)));
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(double.Parse(json, CultureInfo.InvariantCulture)));

            var reader = new MessagePackReader(ToMessagePack(Encoding.UTF8.GetBytes(json)));
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(reader.ReadDouble()));
        }
    }

    [Fact]
    public void Invalid_utf8_in_json_becomes_replacement_characters()
    {
        var bytes = ToMessagePack([(byte)'[', (byte)'"', 0xFF, (byte)'\\', (byte)'n', 0xC3, (byte)'"', (byte)']']);
        var reader = new MessagePackReader(bytes);
        Assert.Equal(1, reader.ReadArrayHeader());
        Assert.Equal("\ufffd\n\ufffd", reader.ReadString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("'a'")]
    public void What_is_no_json_is_a_violation(string json) => Assert.Throws<ProtocolViolationException>(() => ToMessagePack(Encoding.UTF8.GetBytes(json)));

    private static byte[] ToMessagePack(byte[] json) => MessagePackOf((ref MessagePackWriter writer) => JsonToMessagePack.Write(ref writer, json));

    private static byte[] MessagePackOf(Write write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static string ToJson(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        var json = Encoding.UTF8.GetString(MessagePackToJson.Read(ref reader));
        Assert.True(reader.End);
        return json;
    }

    private delegate void Write(ref MessagePackWriter writer);
}
