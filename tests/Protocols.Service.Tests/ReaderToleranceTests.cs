using Tandem.Protocols.Service.Tests.Support;
using static Tandem.Protocols.Service.Tests.Support.Pack;

namespace Tandem.Protocols.Service.Tests;

public class ReaderToleranceTests
{
    [Fact]
    public void Shorter_arrays_of_older_versions_are_read()
    {
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.Default), 1, 1);
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.Weak), 1, 1, 2);
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.OnDemand, "t"), 1, 1, 1, "t");
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.OnDemand, "t", MigrationLevel.Any), 1, 1, 1, "t", 2);
        Reads(new HandshakeResponseMessage(null), 2, null);
        Reads(new HandshakeResponseMessage("e"), 2, "e", Map());
        Reads(new OpenConnectionMessage("c", [], [], "?q", null), 4, "c", Map(), Map(), "?q");
        Reads(new CloseConnectionMessage("c", null, []), 5, "c", null);
        Reads(new CloseConnectionMessage("c", "e", []), 5, "c", "e", Map());
        Reads(new ConnectionDataMessage("c", "D"u8.ToArray()), 6, "c", "D"u8.ToArray());
        Reads(new GroupBroadcastDataMessage("g", ["x"], default, []), 13, "g", Texts("x"), Map());
        Reads(new GroupBroadcastDataMessage("g", ["x"], default, []), 13, "g", Texts("x"), Map(), Map());
        Reads(new GroupBroadcastDataMessage("g", ["x"], default, ["u"]), 13, "g", Texts("x"), Map(), Map(), Texts("u"));
        Reads(new AckMessage(5, AckStatus.Ok, null), 20, 5, 1, null);
        Reads(new JoinGroupMessage("c", "g"), 11, "c", "g");
        Reads(new JoinGroupMessage("c", "g", 5), 18, "c", "g", 5);
        Reads(new UserJoinGroupMessage("u", "g"), 16, "u", "g");
        Reads(new ConnectionReconnectMessage("c"), 38, "c");
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void Elements_behind_the_known_ones_are_ignored(string name)
    {
        var golden = GoldenFrames.All[name];
        if (golden.Message is PingMessage)
        {
            return; // All it has is pairs.
        }

        // Newer versions filled the next place of these two; nobody has filled any other yet.
        var next = golden.Message switch
        {
            HandshakeRequestMessage => new object?[] { false },
            AckMessage => [null],
            _ => [],
        };
        var rest = Body([.. next, Map((1, "x")), Texts("y"), null])[1..];
        var body = golden.Body;
        body[0] += (byte)(next.Length + 3);

        var message = ServiceProtocolReader.Read(body.Concat(rest).ToArray());

        Assert.Equal(MessageText.Of(golden.Message), MessageText.Of(message));
    }

    [Fact]
    public void The_sixth_element_of_an_ack_is_its_payload()
    {
        Reads(new AckMessage(5, AckStatus.NotFound, "m", "P"u8.ToArray()), 20, 5, 2, "m", Map(), "P"u8.ToArray());
        Reads(new AckMessage(5, AckStatus.NotFound, "m"), 20, 5, 2, "m", Map(), null);
        Reads(new AckMessage(5, (AckStatus)77, "m"), 20, 5, 77, "m", Map());
    }

    [Fact]
    public void The_seventh_element_of_a_handshake_request_allows_stateful_reconnects()
    {
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.Default, "", MigrationLevel.Off, allowStatefulReconnects: true), 1, 1, 0, "", 0, Map(), true);
        Reads(new HandshakeRequestMessage(1, ServerConnectionKind.Default, "", MigrationLevel.Off), 1, 1, 0, null, 0, Map(), false);
    }

    [Fact]
    public void Connection_data_says_what_it_is_and_whether_more_follows()
    {
        var bytes = "D"u8.ToArray();

        Reads(new ConnectionDataMessage("c", bytes, ConnectionDataKind.Close), 6, "c", bytes, Map((5, 4)));
        Reads(new ConnectionDataMessage("c", bytes, (ConnectionDataKind)9, isPartial: true), 6, "c", bytes, Map((6, true), (5, 9)));
        Reads(new ConnectionDataMessage("c", bytes), 6, "c", bytes, Map((6, false), (5, 0)));
        Reads(new ConnectionDataMessage("c", bytes) { TracingId = ulong.MaxValue }, 6, "c", bytes, Map((1, ulong.MaxValue)));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(99)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void An_unknown_type_is_a_message_that_can_be_skipped(int type)
    {
        Reads(new UnknownMessage(type), type);
        Reads(new UnknownMessage(type), type, 1, "x", Map((1, Texts("y"))));
    }

    [Fact]
    public void Unknown_extension_keys_are_skipped_with_whatever_they_hold()
    {
        object?[] values =
        [
            null, true, -1, ulong.MaxValue, 1.5, "text", "bin"u8.ToArray(), Texts("a", "b"),
            Map(("k", Map((1, new object?[] { Map((2, Texts("deep"))), Map() }))), (null, null)),
            Raw(0xC7, 3, 42, 1, 2, 3), Raw(0xD6, 0xFF, 0, 0, 0, 1), Raw(0xCA, 0, 0, 0, 0),
        ];
        foreach (var value in values)
        {
            Reads(
                new ConnectionDataMessage("c", "D"u8.ToArray(), isPartial: true) { TracingId = 7 },
                6, "c", "D"u8.ToArray(), Map((99, value), (1, 7), (-5, value), (long.MaxValue, value), ("a name", value), (6, true), (4, value)));
        }
    }

    [Fact]
    public void An_extension_key_that_is_no_small_integer_is_just_another_unknown_one()
    {
        object?[] keys = [ulong.MaxValue, long.MinValue, int.MaxValue, "name", null, true, Texts("list", "key"), Map((1, 2)), 1.5];
        foreach (var key in keys)
        {
            Reads(new UserJoinGroupMessage("u", "g", 10), 16, "u", "g", Map((key, "value"), (2, 10)));
        }
    }

    [Fact]
    public void A_known_extension_key_with_a_value_of_another_kind_is_skipped()
    {
        Reads(new ConnectionDataMessage("c", "D"u8.ToArray()), 6, "c", "D"u8.ToArray(), Map((1, "seven"), (5, Texts("x")), (6, 1), (3, 4), (2, null)));
        Reads(new OpenConnectionMessage("c", [], [], "", null), 4, "c", Map(), Map(), "", Map((3, null)));
        Reads(new OpenConnectionMessage("c", [], [], "", "blazorpack"), 4, "c", Map(), Map(), "", Map((3, 1), (3, "blazorpack")));
    }

    [Fact]
    public void Extensions_of_another_message_type_do_no_harm()
    {
        Reads(new JoinGroupMessage("c", "g", 5) { TracingId = 7 }, 18, "c", "g", 5, Map((2, 10), (3, "json"), (5, 1), (6, true), (1, 7)));
    }

    [Fact]
    public void Nil_stands_for_an_empty_list_and_for_empty_extensions()
    {
        Reads(new BroadcastDataMessage([], default), 10, null, Map(), null);
        Reads(new CloseConnectionsWithAckMessage(null, 5, []), 31, null, 5, null, null);
    }

    [Fact]
    public void Nil_in_a_list_names_nobody()
    {
        Reads(new MultiUserDataMessage(["u"], default), 9, Texts(null, "u", null), Map(), Map());
        Reads(new MultiConnectionDataMessage([], default), 7, Texts([null]), Map(), Map());
        Reads(new BroadcastDataMessage(["x", "y"], default), 10, Texts("x", null, "y"), Map(), Map());
    }

    [Fact]
    public void Integers_and_texts_may_be_longer_encoded_than_needed()
    {
        Reads(new AckMessage(5, AckStatus.Ok, "m"), Raw(0xCC, 20), Raw(0xD3, 0, 0, 0, 0, 0, 0, 0, 5), Raw(0xCE, 0, 0, 0, 1), Raw(0xDA, 0, 1, (byte)'m'), Map());
        Reads(new ConnectionDataMessage("c", "D"u8.ToArray()), 6, Raw(0xDB, 0, 0, 0, 1, (byte)'c'), Raw(0xC6, 0, 0, 0, 1, (byte)'D'), Raw(0xDE, 0, 0));
        Reads(new ConnectionReconnectMessage("c") { TracingId = 7 }, 38, "c", Map((Raw(0xCF, 0, 0, 0, 0, 0, 0, 0, 1), Raw(0xCF, 0, 0, 0, 0, 0, 0, 0, 7))));
    }

    [Fact]
    public void A_ping_key_without_a_value_is_no_pair()
    {
        Reads(PingMessage.KeepAlive, 3, "alone");
        Reads(new PingMessage("status", "1"), 3, "status", "1", "alone");
        Reads(new PingMessage("servers", ""), 3, "servers", null);
    }

    public static TheoryData<string, byte[]> NotMessages => new()
    {
        { "nothing", [] },
        { "nil", [0xC0] },
        { "a map", [0x81, 3, 3] },
        { "a number", [3] },
        { "an empty array", Body() },
        { "a code that MessagePack does not use", [0xC1] },
        { "a type that is a text", Body("3") },
        { "a type beyond 32 bits", Body((long)int.MaxValue + 1) },
        { "claims and headers that are nil", Body(4, "c", null, null, null) },
        { "headers that are nil", Body(4, "c", Map(), null, "") },
        { "an open connection of an older version than any", Body(4, "c", Map(), Map()) },
        { "payloads that are nil", Body(10, Texts(), null, Map()) },
        { "payloads that are a list", Body(10, Texts(), Texts("json"), Map()) },
        { "a payload that is nil", Body(6, "c", null, Map()) },
        { "a connection id that is nil", Body(6, null, "D"u8.ToArray(), Map()) },
        { "a connection id that is a number", Body(6, 1, "D"u8.ToArray(), Map()) },
        { "a group that is nil", Body(18, "c", null, 5, Map()) },
        { "an ack without the message", Body(20, 5, 1) },
        { "an ack id that is a text", Body(20, "5", 1, "m", Map()) },
        { "an ack id beyond 32 bits", Body(18, "c", "g", ulong.MaxValue, Map()) },
        { "an ack id below 32 bits", Body(18, "c", "g", long.MinValue, Map()) },
        { "an ack id that is a fraction", Body(18, "c", "g", 5.0, Map()) },
        { "a ping whose pairs are nested", Body(3, Texts("a", "b")) },
        { "a ping with a number", Body(3, "#client", 1) },
        { "extensions that are a list", Body(6, "c", "D"u8.ToArray(), Texts("x")) },
        { "a ttl beyond 32 bits", Body(16, "u", "g", Map((2, long.MaxValue))) },
        { "a tracing id below zero", Body(6, "c", "D"u8.ToArray(), Map((1, -1))) },
        { "an extension key without a value", [.. Body(6, "c", "D"u8.ToArray(), Map())[..^1], 0x81, 0x01] },
    };

    [Theory]
    [MemberData(nameof(NotMessages))]
    public void What_is_no_message_is_a_violation(string what, byte[] body)
    {
        Assert.False(Frames.TryRead(body, out _, out _), what);
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void Fewer_elements_than_the_oldest_version_has_are_a_violation(string name)
    {
        var body = GoldenFrames.All[name].Body;
        if (body[1] == 3)
        {
            return;
        }

        // The array says that there is nothing behind the type number, whatever follows it.
        body[0] = 0x91;

        Assert.False(Frames.TryRead(body, out _, out var cause));
        Assert.Null(cause);
    }

    private static object?[] Texts(params string?[] texts) => [.. texts];

    private static void Reads(ServiceMessage expected, params object?[] values)
    {
        Assert.Equal(MessageText.Of(expected), MessageText.Of(ServiceProtocolReader.Read(Body(values))));
    }
}
