using System.Buffers;
using MessagePack;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.AspNetCore.Tests.Support;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

public sealed class CoreMessagePackDialectTests() : CoreDialectTests(Dialect, Real, mutations: 50_000)
{
    private static readonly CoreMessagePackDialect Dialect = CoreMessagePackDialect.Instance;
    private static readonly MessagePackHubProtocol Real = new();

    protected override byte[] Samples { get; } =
    [
        .. Real.GetMessageBytes(new InvocationMessage("say", ["ü😀", new object?[] { 1.5f, null, true, ulong.MaxValue }, DateTime.UnixEpoch, new byte[40]])).Span,
        .. Real.GetMessageBytes(new InvocationMessage("7", "upload", [new Dictionary<int, object> { [1] = -5, [2] = "x" }], ["1"])).Span,
        .. Real.GetMessageBytes(new StreamInvocationMessage("7", "count", [])).Span,
        .. Real.GetMessageBytes(new StreamItemMessage("7", -1e5)).Span,
        .. Real.GetMessageBytes(CompletionMessage.WithError("7", new string('e', 300))).Span,
        .. Real.GetMessageBytes(CompletionMessage.WithResult("7", int.MinValue)).Span,
        .. Real.GetMessageBytes(new CancelInvocationMessage("7")).Span,
        .. Real.GetMessageBytes(Microsoft.AspNetCore.SignalR.Protocol.PingMessage.Instance).Span,
    ];

    [Theory]
    [InlineData("96-01-80-C0-A3-73-61-79-91-2A-90", "Invocation id=- hub=- target=say arguments=[42] value= error=-")]
    [InlineData("95-01-80-A0-A3-73-61-79-90", "Invocation id=- hub=- target=say arguments=[] value= error=-")]
    [InlineData("96-01-81-A1-61-A1-62-A1-37-A3-73-61-79-90-91-A1-31", "Invocation id=7 hub=- target=say arguments=[] value= error=- uploads")]
    [InlineData("96-04-80-A1-37-A3-73-61-79-90-90", "Invocation id=7 hub=- target=say arguments=[] value= error=- stream")]
    [InlineData("94-02-80-A1-37-C0", "StreamItem id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("95-03-80-A1-37-01-A1-78", "Completion id=7 hub=- target= arguments= value= error=x")]
    [InlineData("95-03-80-A1-37-01-A1-FF", "Completion id=7 hub=- target= arguments= value= error=\ufffd")]
    [InlineData("94-03-80-A1-37-02", "Completion id=7 hub=- target= arguments= value= error=-")]
    [InlineData("95-03-80-A1-37-03-C0", "Completion id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("93-05-80-A1-37", "CancelInvocation id=7 hub=- target= arguments= value= error=-")]
    [InlineData("91-06", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("93-07-C0-C3", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("92-09-01", "Other id=- hub=- target= arguments= value= error=-")]
    public void A_message_says(string body, string expected) => Assert.Equal(expected, Dialect.ReadOne(Frame(body)).Describe());

    [Theory]
    [InlineData("")]
    [InlineData("C0")]
    [InlineData("01")]
    [InlineData("90")]
    [InlineData("91-A1-31")]
    [InlineData("91-CF-FF-FF-FF-FF-FF-FF-FF-FF")]
    [InlineData("91-01")]
    [InlineData("95-01-80-C0-C0-90")]
    [InlineData("95-01-80-C0-01-90")]
    [InlineData("95-01-80-C0-A1-78-C0")]
    [InlineData("95-01-80-C0-A1-78-80")]
    [InlineData("95-01-80-C0-A1-78-91")]
    [InlineData("95-01-80-C0-A1-78-DD-FF-FF-FF-FF")]
    [InlineData("95-01-80-C0-A1-78-91-DF-FF-FF-FF-FF")]
    [InlineData("95-01-80-C0-A1-78-91-DB-FF-FF-FF-FF")]
    [InlineData("95-01-80-C0-A1-78-91-C1")]
    [InlineData("95-01-DF-FF-FF-FF-FF-C0-A1-78-90")]
    [InlineData("95-01-91-C0-A1-78-90")]
    [InlineData("95-04-80-C0-A1-78-90")]
    [InlineData("94-02-80-C0-C0")]
    [InlineData("94-03-80-A1-37-04")]
    [InlineData("94-03-80-A0-02")]
    public void What_is_no_message_is_a_violation(string body) => Assert.Throws<ProtocolViolationException>(() => Dialect.ReadAll(Frame(body)));

    [Fact]
    public void A_length_that_is_none_is_a_violation() =>
        Assert.Throws<ProtocolViolationException>(() => Dialect.ReadAll([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]));

    [Fact]
    public void A_handshake_in_front_is_passed_over()
    {
        Dialect.CheckCuts([.. Dialect.HandshakeRequest.Span, .. Samples]);
        Dialect.CheckCuts([.. Dialect.HandshakeResponse.Span, .. Samples]);

        // A message may begin with the byte a handshake begins with: its length.
        var message = Real.GetMessageBytes(new InvocationMessage("say", [new string('x', 123 - 12)])).ToArray();
        Assert.Equal((byte)'{', message[0]);
        Dialect.CheckCuts(message);
        Assert.Equal("say", Dialect.ReadOne(message).Target);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded(int levels, bool allowed)
    {
        byte[] body = [0x96, 0x01, 0x80, 0xC0, 0xA1, 0x78, 0x91, .. Enumerable.Repeat((byte)0x91, levels - 1), 0x90, 0x90];
        var frame = Frame(body);
        if (allowed)
        {
            var message = Dialect.ReadOne(frame);
            Assert.Equal((2 * levels) + 2, message.Arguments.Length);
            Assert.Equal(frame, Dialect.WriteToServer(message));
        }
        else
        {
            Assert.Throws<ProtocolViolationException>(() => Dialect.ReadAll(frame));
            Assert.Throws<ProtocolViolationException>(() => Dialect.WriteToClient(
                new(HubMessageKind.StreamItem) { InvocationId = "1", Value = (new string('[', levels + 1) + new string(']', levels + 1)).Bytes() }));
        }
    }

    [Fact]
    public void Arguments_and_results_are_written_as_the_real_protocol_writes_them()
    {
        var map = new Dictionary<string, object?> { ["a"] = new object?[] { "x", null, "ü😀" }, [""] = new Dictionary<string, object?>() };
        var json = """{"a":["x",null,"ü😀"],"":{}}""";
        Check(new InvocationMessage("say", [1, map]), new(HubMessageKind.Invocation) { Target = "say", Arguments = $"[1,{json}]".Bytes() });
        Check(CompletionMessage.WithResult("7", new string('x', 70_000)), new(HubMessageKind.Completion) { InvocationId = "7", Value = $"\"{new string('x', 70_000)}\"".Bytes() });
        var many = Enumerable.Range(0, 70_000).Cast<object?>().ToArray();
        Check(new InvocationMessage("say", many), new(HubMessageKind.Invocation) { Target = "say", Arguments = $"[{string.Join(',', many)}]".Bytes() });
    }

    [Fact]
    public void What_it_writes_the_real_protocol_reads()
    {
        var written = new ReadOnlySequence<byte>(Dialect.WriteToClient(new(HubMessageKind.Invocation)
        {
            InvocationId = "7\ud800",
            Target = "say\ud800",
            Arguments = """[18446744073709551615,-9223372036854775808,5E-324,-0,7,"\u0000ü😀\ud83d\ude00\ud83d",null,["a"],"7f1c9c2e-6f4f-4e0e-9d4c-0c6c1e6f2a11","Monday"]""".Bytes(),
        }));
        var binder = new AnyTypeBinder(
            typeof(ulong), typeof(long), typeof(double), typeof(double), typeof(double), typeof(string), typeof(object), typeof(string[]), typeof(Guid), typeof(DayOfWeek));
        Assert.True(Real.TryParseMessage(ref written, binder, out var message));
        var invocation = Assert.IsType<InvocationMessage>(message);
        Assert.Equal(("7\ufffd", "say\ufffd"), (invocation.InvocationId, invocation.Target));
        Assert.Equal(
            [ulong.MaxValue, long.MinValue, double.Epsilon, -0.0, 7.0, "\0ü😀😀\ufffd", null, new[] { "a" }, new Guid("7f1c9c2e-6f4f-4e0e-9d4c-0c6c1e6f2a11"), DayOfWeek.Monday],
            invocation.Arguments);
    }

    /// <summary>JSON has no such values: what a .NET client of the real protocol makes of the texts and numbers it gets in their place.</summary>
    [Theory]
    [InlineData("1", typeof(DayOfWeek), null)]
    [InlineData("\"2024-02-29T12:30:15Z\"", typeof(DateTime), null)]
    [InlineData("\"2024-02-29T12:30:15Z\"", typeof(DateTimeOffset), null)]
    [InlineData("\"00:00:01\"", typeof(TimeSpan), null)]
    [InlineData("1.5", typeof(decimal), null)]
    [InlineData("\"1.5\"", typeof(decimal), "1.5")]
    [InlineData("1.0", typeof(int), null)]
    [InlineData("1.0", typeof(float), "1")]
    [InlineData("1", typeof(double), "1")]
    [InlineData("-0", typeof(int), null)]
    [InlineData("\"AQID\"", typeof(byte[]), "41514944")]
    public void Values_that_json_does_not_have_reach_a_typed_client_as(string json, Type type, string? expected)
    {
        var written = new ReadOnlySequence<byte>(Dialect.WriteToClient(new(HubMessageKind.Invocation) { Target = "say", Arguments = $"[{json}]".Bytes() }));
        Assert.True(Real.TryParseMessage(ref written, new AnyTypeBinder(type), out var message));
        var value = (message as InvocationMessage)?.Arguments[0];
        Assert.Equal(expected, value is byte[] bytes ? Convert.ToHexString(bytes) : FormattableString.Invariant($"{value}") is { Length: > 0 } text ? text : null);
    }

    [Fact]
    public void What_the_real_protocol_writes_it_reads()
    {
        var arguments = new object?[]
        {
            byte.MaxValue, sbyte.MinValue, short.MinValue, ushort.MaxValue, int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue, 'x', 1.5m,
            0.1f, 0.1, double.NaN, float.NegativeInfinity, "", "ü😀", new byte[] { 1, 2, 3 }, Array.Empty<byte>(), null, true,
            new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc).AddTicks(1), new Guid("7f1c9c2e-6f4f-4e0e-9d4c-0c6c1e6f2a11"), DayOfWeek.Friday,
            TimeSpan.FromSeconds(1), new DateTimeOffset(2024, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), new Dictionary<int, bool> { [-1] = true }, new Named { First = 1, Second = "b" },
        };
        var message = Dialect.ReadOne(Real.GetMessageBytes(new InvocationMessage("say", arguments)).ToArray());
        Assert.Equal(
            "[255,-128,-32768,65535,-2147483648,4294967295,-9223372036854775808,18446744073709551615,120,\"1.5\","
            + "0.1,0.1,\"NaN\",\"-Infinity\",\"\",\"ü\\uD83D\\uDE00\",\"AQID\",\"\",null,true,"
            + "\"2024-02-29T12:30:15.0000001Z\",\"7f1c9c2e-6f4f-4e0e-9d4c-0c6c1e6f2a11\",\"Friday\","
            + "10000000,[\"2024-01-01T02:00:00Z\",120],{\"-1\":true},{\"First\":1,\"Second\":\"b\"}]",
            message.Arguments.Text());
    }

    private static byte[] Frame(string hex) => Frame(Convert.FromHexString(hex.Replace("-", "", StringComparison.Ordinal)));

    private static byte[] Frame(byte[] body)
    {
        var prefix = new byte[ServiceFraming.MaxPrefixBytes];
        return [.. prefix.AsSpan(0, ServiceFraming.WritePrefix(body.Length, prefix)), .. body];
    }

    /// <summary>An object whose members have names.</summary>
    [MessagePackObject(keyAsPropertyName: true)]
    public sealed class Named
    {
        public int First { get; set; }

        public string? Second { get; set; }
    }
}
