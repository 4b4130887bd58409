using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.AspNet;
using Tandem.Protocols.AspNetCore.Tests.Support;
using Tandem.Routing;
using Tandem.Routing.Dialects;
using HubMessage = Tandem.Routing.Dialects.HubMessage;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

/// <summary>Values on their way from one family to the other and back, through every encoding there is.</summary>
public sealed class FamiliesMeetTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly MessagePackHubProtocol RealMessagePack = new();
    private static readonly JsonHubProtocol RealJson = new();

    private readonly DialectTable _dialects = new ServiceCollection().AddCoreProtocol().AddClassicProtocol().AddMessageRouting()
        .BuildServiceProvider().GetRequiredService<DialectTable>();

    private HubDialect Json => _dialects.Find(ProtocolFamily.Core, "json")!;

    private HubDialect MessagePack => _dialects.Find(ProtocolFamily.Core, "MessagePack")!;

    private HubDialect Classic => _dialects.Find(ProtocolFamily.Classic, "json")!;

    [Fact]
    public void The_table_has_the_dialects_of_both_families()
    {
        Assert.Equal(("json", ProtocolFamily.Core), (Json.Name, Json.Family));
        Assert.Equal(("messagepack", ProtocolFamily.Core), (MessagePack.Name, MessagePack.Family));
        Assert.Equal(("json", ProtocolFamily.Classic), (Classic.Name, Classic.Family));
        Assert.Null(_dialects.Find(ProtocolFamily.Core, "blazorpack"));
        Assert.Null(_dialects.Find(ProtocolFamily.Classic, "messagepack"));
        Assert.Null(_dialects.Find(ProtocolFamily.Core, null));
    }

    [Fact]
    public void A_value_comes_back_from_any_way_through_the_families()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var values = new RandomValues(seed);
            object?[] arguments = [values.Next(), values.Next(), values.Next()];
            Check($"seed {seed}", arguments);
        }
    }

    [Fact]
    public void A_long_text_and_many_small_values_come_back()
    {
        Check("long text", [string.Concat(Enumerable.Repeat("ü\"€\n😀x", 100_000))]);
        Check("long binary", [Enumerable.Range(0, 1_000_000).Select(number => (byte)number).ToArray()]);
        Check("many values", [Enumerable.Range(0, 70_000).Select(number => (object?)(long)number).ToList()]);
        object? nested = "end";
        for (var level = 0; level < 50; level++)
        {
            nested = level % 2 == 0 ? new List<object?> { nested } : new Dictionary<string, object?> { ["a"] = nested };
        }

        Check("nested", [nested]);
    }

    [Fact]
    public void A_call_of_a_messagepack_client_comes_back_from_a_classic_app_server()
    {
        // No JSON at either end of the way: what the client's library writes, and what it reads.
        for (var seed = 0; seed < 400; seed++)
        {
            var value = new RandomValues(seed).Next();
            var up = Read(MessagePack, RealMessagePack.GetMessageBytes(new InvocationMessage("7", "echo", [value])));
            var call = ReadFromClient(Classic, Classic.WriteToServer(up with { Hub = "chat" }));
            var result = JsonDocument.Parse(call.Arguments).RootElement[0].GetRawText();
            var down = Read(Classic, Classic.WriteToClient(new(HubMessageKind.Completion) { InvocationId = call.InvocationId, Value = result.Bytes() }));
            Assert.Equal(value is null, down.Value.IsEmpty);
            var written = new ReadOnlySequence<byte>(MessagePack.WriteToClient(down));
            Assert.True(RealMessagePack.TryParseMessage(ref written, new AnyTypeBinder(typeof(object)), out var answer));
            var completion = Assert.IsType<CompletionMessage>(answer);
            Assert.Equal("7", completion.InvocationId);
            Assert.True(IsSame(value, completion.Result), $"seed {seed}: {JsonSerializer.Serialize(value)} became {result}");
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("It did not work: ü😀", false)]
    [InlineData("It did not work: ü😀", true)]
    public void A_failure_keeps_its_text(string? error, bool isHubException)
    {
        var message = new HubMessage(HubMessageKind.Completion) { InvocationId = "7", Error = error, IsHubException = isHubException };
        Assert.Equal(message.Describe(), Read(Classic, Classic.WriteToClient(message)).Describe());
        foreach (var dialect in new[] { Json, MessagePack })
        {
            Assert.Equal((message with { IsHubException = false }).Describe(), Read(dialect, dialect.WriteToClient(message)).Describe());
        }
    }

    [Fact]
    public void Progress_becomes_an_item_and_comes_back()
    {
        var message = new HubMessage(HubMessageKind.StreamItem) { InvocationId = "7", Value = """{"done":[1,2.5,"ü"]}""".Bytes() };
        foreach (var dialect in new[] { Classic, MessagePack, Json, Classic })
        {
            message = Read(dialect, dialect.WriteToClient(message));
        }

        Assert.Equal("""StreamItem id=7 hub=- target= arguments= value={"done":[1,2.5,"ü"]} error=-""", message.Describe());
    }

    private void Check(string what, object?[] arguments)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(arguments, Relaxed);
        var start = Read(Json, RealJson.GetMessageBytes(new InvocationMessage("7", "say", arguments)));

        // JSON to JSON copies bytes.
        var classic = ReadFromClient(Classic, Classic.WriteToServer(start with { Hub = "chat" }));
        Assert.Equal(start.Arguments.ToArray(), classic.Arguments.ToArray());
        var entry = Read(Classic, Classic.WriteToClient(classic));
        Assert.Equal(start.Arguments.ToArray(), entry.Arguments.ToArray());
        Assert.Equal(("chat", "say"), (entry.Hub, entry.Target));

        // Through MessagePack they may be written another way, but mean the same.
        var packed = Read(MessagePack, MessagePack.WriteToClient(entry));
        var again = Read(Json, Json.WriteToClient(packed));
        foreach (var message in new[] { entry, packed, again })
        {
            using var expected = JsonDocument.Parse(json);
            using var actual = JsonDocument.Parse(message.Arguments);
            for (var i = 0; i < arguments.Length; i++)
            {
                Assert.True(IsSame(arguments[i], actual.RootElement[i]), $"{what}, argument {i}: {Short(expected.RootElement[i])} became {Short(actual.RootElement[i])}");
            }

            Assert.Equal(arguments.Length, actual.RootElement.GetArrayLength());
        }

        // The second time nothing changes any more.
        Assert.Equal(MessagePack.WriteToClient(packed), MessagePack.WriteToServer(Read(MessagePack, MessagePack.WriteToClient(again))));
        Assert.Equal(packed.Arguments.ToArray(), again.Arguments.ToArray());
    }

    private static bool IsSame(object? expected, JsonElement actual) => expected switch
    {
        null => actual.ValueKind == JsonValueKind.Null,
        bool value => actual.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False),
        long or ulong => actual.GetRawText() == ((IFormattable)expected).ToString(null, CultureInfo.InvariantCulture),
        double value => actual.ValueKind == JsonValueKind.Number && IsSame(value, actual.GetDouble()),
        string value => actual.ValueKind == JsonValueKind.String && actual.GetString() == value,
        byte[] value => actual.ValueKind == JsonValueKind.String && actual.GetBytesFromBase64().SequenceEqual(value),
        List<object?> value => actual.ValueKind == JsonValueKind.Array && actual.GetArrayLength() == value.Count
            && value.Zip(actual.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        Dictionary<string, object?> value => actual.ValueKind == JsonValueKind.Object && actual.EnumerateObject().Count() == value.Count
            && value.All(member => actual.TryGetProperty(member.Key, out var element) && IsSame(member.Value, element)),
        _ => false,
    };

    /// <summary>As the MessagePack library reads values of unknown type. Binary has become base64 text, a whole float may have become an integer.</summary>
    private static bool IsSame(object? expected, object? actual) => (expected, actual) switch
    {
        (null, null) => true,
        (bool left, bool right) => left == right,
        (long or ulong, byte or sbyte or short or ushort or int or uint or long or ulong) =>
            Convert.ToDecimal(expected, CultureInfo.InvariantCulture) == Convert.ToDecimal(actual, CultureInfo.InvariantCulture),
        (double left, double right) => IsSame(left, right),
        (double left, byte or sbyte or short or ushort or int or uint or long or ulong) => IsSame(left, Convert.ToDouble(actual, CultureInfo.InvariantCulture)),
        (string left, string right) => left == right,
        (byte[] left, string right) => right == Convert.ToBase64String(left),
        (List<object?> left, object?[] right) => left.Count == right.Length && left.Zip(right).All(pair => IsSame(pair.First, pair.Second)),
        (Dictionary<string, object?> left, Dictionary<object, object?> right) =>
            left.Count == right.Count && left.All(member => right.TryGetValue(member.Key, out var value) && IsSame(member.Value, value)),
        _ => false,
    };

    private static bool IsSame(double left, double right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);

    private static string Short(JsonElement element) => element.GetRawText() is var text && text.Length > 500 ? text[..500] + "…" : element.GetRawText();

    private static HubMessage Read(HubDialect dialect, ReadOnlyMemory<byte> bytes) => dialect.ReadOne(bytes.ToArray());

    private static HubMessage ReadFromClient(HubDialect dialect, ReadOnlyMemory<byte> bytes)
    {
        var messages = new List<HubMessage>();
        dialect.ReadFromClient(ref bytes, messages);
        return Assert.Single(messages);
    }
}
