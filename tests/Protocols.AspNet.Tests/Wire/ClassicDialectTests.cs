using System.Text;
using System.Text.Json;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicDialectTests
{
    private static readonly ClassicDialect Dialect = ClassicDialect.Instance;

    [Fact]
    public void It_is_json_of_the_classic_family_and_has_no_handshake()
    {
        Assert.Equal("json", Dialect.Name);
        Assert.Equal(ProtocolFamily.Classic, Dialect.Family);
        Assert.True(Dialect.HandshakeRequest.IsEmpty);
        Assert.True(Dialect.HandshakeResponse.IsEmpty);
        Assert.Same(Dialect, new ClassicFrameEncoder(new ClassicCursors("node")).Dialect);
    }

    [Theory]
    [InlineData("""{"H":"chat","M":"say","A":["x",{"a":[ ]}],"I":0}""", """Invocation id=0 hub=chat target=say arguments=["x",{"a":[ ]}] value= error=-""")]
    [InlineData("""{"I":"17","H":"chat","M":"say","A":[]}""", "Invocation id=17 hub=chat target=say arguments=[] value= error=-")]
    [InlineData(""" { "s" : {} , "i" : 3, "a" : [ 1 ] , "m" : "s\u0061y" , "\u0068" : "chat" , "X" : [{}] } """, "Invocation id=3 hub=chat target=say arguments=[ 1 ] value= error=-")]
    [InlineData("""{"H":"chat","M":"say"}""", "Invocation id=- hub=chat target=say arguments=[] value= error=-")]
    [InlineData("""{"H":"chat","M":"say","A":null,"I":null,"S":null}""", "Invocation id=- hub=chat target=say arguments=[] value= error=-")]
    [InlineData("""{"H":"chat","M":"say","A":[],"I":1,"S":{ }}""", "Invocation id=1 hub=chat target=say arguments=[] value= error=-")]
    [InlineData("""{"H":"chat","M":"say","A":[],"I":1,"S":{"a":{"b":[]},"c":null}}""", "Invocation id=1 hub=chat target=say arguments=[] value= error=- state")]
    [InlineData("""{"H":"chat","M":"\ud800","A":[],"I":1}""", "Invocation id=1 hub=chat target=\ufffd arguments=[] value= error=-")]
    public void A_client_says(string json, string expected) => Assert.Equal(expected, Describe(Assert.Single(ReadFromClient(Bytes(json)))));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"H":"chat"}""")]
    [InlineData("""{"M":"say"}""")]
    [InlineData("""{"H":5,"M":"say"}""")]
    [InlineData("""{"H":"chat","M":"say","A":{}}""")]
    [InlineData("""{"H":"chat","M":"say","A":[],"I":true}""")]
    [InlineData("""{"H":"chat","M":"say","A":[]}{}""")]
    public void What_is_no_call_is_a_violation(string json) => Assert.Throws<ProtocolViolationException>(() => ReadFromClient(Bytes(json)));

    [Theory]
    [InlineData("""{"C":"0","M":[{"H":"chat","M":"say","A":["x"]}]}""", """Invocation id=- hub=chat target=say arguments=["x"] value= error=-""")]
    [InlineData("""{"C":"0","M":[{"H":"chat","M":"say","A":[],"S":{"a":1}}]}""", "Invocation id=- hub=chat target=say arguments=[] value= error=- state")]
    [InlineData("""{"M":[{"I":"P|7","P":{"I":"7","D":{"a":1}}}],"C":"0"}""", """StreamItem id=7 hub=- target= arguments= value={"a":1} error=-""")]
    [InlineData("""{"C":"0","M":[{"S":{"a":1},"I":"P|7","P":{"I":"7"}}]}""", "StreamItem id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("""{"C":"0","M":["raw"]}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"C":"0","M":[{"raw":1}]}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"C":"0","M":[{"I":"P|7","P":{"D":1}}]}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"I":"7","R":[1, 2]}""", "Completion id=7 hub=- target= arguments= value=[1, 2] error=-")]
    [InlineData("""{"I":"7"}""", "Completion id=7 hub=- target= arguments= value= error=-")]
    [InlineData("""{"I":"7","R":null,"E":null}""", "Completion id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("""{"S":{"a":1},"R":1,"I":"7"}""", "Completion id=7 hub=- target= arguments= value=1 error=- state")]
    [InlineData("""{"I":"7","H":true,"E":"no","D":{"code":5}}""", "Completion id=7 hub=- target= arguments= value= error=no hubException")]
    [InlineData("""{"I":"7","E":"There was an error","T":"at x"}""", "Completion id=7 hub=- target= arguments= value= error=There was an error")]
    [InlineData("""{"I":null,"R":1}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{}""", "Other id=- hub=- target= arguments= value= error=-")]
    public void An_app_server_says(string json, string expected) =>
        Assert.Equal(expected, Describe(Assert.Single(ReadFromServer(NestedPayload.Wrap(Bytes(json))))));

    [Fact]
    public void An_envelope_may_hold_any_number_of_messages()
    {
        Assert.Empty(ReadFromServer(NestedPayload.Wrap(Bytes("""{"C":"0","S":1,"M":[]}"""))));
        var messages = ReadFromServer(NestedPayload.Wrap(Bytes("""{"C":"0","M":[{"H":"a","M":"b","A":[1]} , 5, {"I":"P|7","P":{"I":"7","D":2}}]}""")));
        Assert.Equal([HubMessageKind.Invocation, HubMessageKind.Other, HubMessageKind.StreamItem], messages.Select(message => message.Kind));
    }

    [Fact]
    public void A_payload_that_is_no_nested_frame_of_json_is_a_violation()
    {
        Assert.Throws<ProtocolViolationException>(() => ReadFromServer(Bytes("{}")));
        Assert.Throws<ProtocolViolationException>(() => ReadFromServer(NestedPayload.Wrap(Bytes(""))));
        Assert.Throws<ProtocolViolationException>(() => ReadFromServer(NestedPayload.Wrap(Bytes("[]"))));
        Assert.Throws<ProtocolViolationException>(() => ReadFromServer(NestedPayload.Wrap(Bytes("{\"M\":[{]}"))));
        Assert.Throws<ProtocolViolationException>(() => ReadFromServer(NestedPayload.Wrap(Bytes("{\"M\":[{\"H\":\"a\",\"M\":\"b\",\"A\":1}]}"))));
    }

    [Fact]
    public void Nothing_says_nothing()
    {
        Assert.Empty(ReadFromClient([]));
        Assert.Empty(ReadFromServer([]));
    }

    [Fact]
    public void A_part_of_a_message_is_a_violation()
    {
        var call = Bytes("""{"H":"chat","M":"say","A":["ü",{"a":[]}],"I":0}""");
        for (var length = 1; length < call.Length; length++)
        {
            Assert.Throws<ProtocolViolationException>(() => ReadFromClient(call[..length]));
        }

        var payload = NestedPayload.Wrap(Bytes("""{"C":"0","M":[{"H":"chat","M":"say","A":["ü"]}]}"""));
        for (var length = 1; length < payload.Length; length++)
        {
            Assert.Throws<ProtocolViolationException>(() => ReadFromServer(payload[..length]));
        }
    }

    [Fact]
    public void Changed_bytes_are_messages_or_violations()
    {
        string[] samples =
        [
            """{"H":"chat","M":"s\u0061y","A":["ü😀\ud83d\ude00",{"a":[1.5,null,true]}],"I":0,"S":{"a":1}}""",
            """{"C":"0","M":[{"H":"chat","M":"say","A":["x"]},{"I":"P|7","P":{"I":"7","D":{"a":1}}},[1]]}""",
            """{"I":"7","H":true,"E":"no","D":{"code":5},"R":[1]}""",
        ];
        for (var seed = 0; seed < 30_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Bytes(samples[random.Next(samples.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? "{}[]\",:\\P"u8.ToArray()[random.Next(9)] : (byte)random.Next(256);
            }

            foreach (var message in TryRead(seed, () => ReadFromClient(bytes)))
            {
                Assert.NotEmpty(Dialect.WriteToServer(message));
            }

            foreach (var message in TryRead(seed, () => ReadFromServer(NestedPayload.Wrap(bytes))).Where(message => message.Kind != HubMessageKind.Other))
            {
                Assert.NotEmpty(Dialect.WriteToClient(message));
            }

            var payload = NestedPayload.Wrap(Bytes(samples[1]));
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
            TryRead(seed, () => ReadFromServer(payload));
        }
    }

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded(int levels, bool allowed)
    {
        var value = new string('[', levels) + new string(']', levels);
        var call = Bytes($$"""{"H":"chat","M":"say","A":[{{value}}]}""");
        var result = NestedPayload.Wrap(Bytes($$"""{"I":"1","R":[{{value}}]}"""));
        if (allowed)
        {
            Assert.Equal(value.Length + 2, Assert.Single(ReadFromClient(call)).Arguments.Length);
            Assert.Equal(value.Length + 2, Assert.Single(ReadFromServer(result)).Value.Length);
        }
        else
        {
            Assert.Throws<ProtocolViolationException>(() => ReadFromClient(call));
            Assert.Throws<ProtocolViolationException>(() => ReadFromServer(result));
        }
    }

    [Fact]
    public void Values_are_slices_of_the_input()
    {
        ReadOnlyMemory<byte> call = Bytes("""{"H":"chat","M":"say","A":["x"]}""");
        var messages = new List<HubMessage>();
        var rest = call;
        Dialect.ReadFromClient(ref rest, messages);
        ReadOnlyMemory<byte> payload = NestedPayload.Wrap(Bytes("""{"C":"0","M":[{"H":"chat","M":"say","A":["x"]}]}"""));
        rest = payload;
        Dialect.ReadFromServer(ref rest, messages);
        Assert.True(call.Span.Overlaps(messages[0].Arguments.Span));
        Assert.True(payload.Span.Overlaps(messages[1].Arguments.Span));
    }

    [Fact]
    public void A_call_is_written_as_clients_write_it()
    {
        var message = new HubMessage(HubMessageKind.Invocation) { Hub = "chat", Target = "say", Arguments = Bytes("[\"ü\"]"), InvocationId = "7\"" };
        Assert.Equal("""{"H":"chat","M":"say","A":["ü"],"I":"7\""}""", Text(Dialect.WriteToServer(message)));
        Assert.Equal("""{"H":"chat","M":"say","A":[]}""", Text(Dialect.WriteToServer(message with { InvocationId = null, Arguments = default })));
    }

    [Fact]
    public void Messages_are_written_as_app_servers_write_them()
    {
        Check(
            """{"C":"0","M":[{"H":"chat","M":"say","A":["ü"]}]}""",
            new(HubMessageKind.Invocation) { Hub = "chat", Target = "say", Arguments = Bytes("[\"ü\"]"), InvocationId = "7" });
        Check("""{"C":"0","M":[{"I":"P|7","P":{"I":"7","D":[1]}}]}""", new(HubMessageKind.StreamItem) { InvocationId = "7", Value = Bytes("[1]") });
        Check("""{"I":"7","R":{"a":1}}""", new(HubMessageKind.Completion) { InvocationId = "7", Value = Bytes("""{"a":1}""") });
        Check("""{"I":"7"}""", new(HubMessageKind.Completion) { InvocationId = "7" });
        Check("""{"I":"7"}""", new(HubMessageKind.Completion) { InvocationId = "7", Value = Bytes("null") });
        Check("""{"I":"7","E":"no ü"}""", new(HubMessageKind.Completion) { InvocationId = "7", Error = "no ü" });
        Check("""{"I":null,"R":1}""", new(HubMessageKind.Completion) { Value = Bytes("1") });
        Check("""{"I":"7","E":"no","H":true}""", new(HubMessageKind.Completion) { InvocationId = "7", Error = "no", IsHubException = true });
    }

    [Fact]
    public void Frames_are_made_of_what_it_writes_and_progress_finds_its_call()
    {
        var encoder = new ClassicFrameEncoder(new ClassicCursors("node"));
        var progress = encoder.Encode(Dialect.WriteToClient(new(HubMessageKind.StreamItem) { InvocationId = "abc-7", Value = Bytes("[\n1]") }));
        Assert.Equal("""{"C":"node0000000000000001","M":[{"I":"P|abc-7","P":{"I":"abc-7","D":[ 1]}}]}""", Text(progress.ToArray()));
        Assert.True(ClassicProgress.TryRead(ClassicFrame.Items(progress.Span), out var callId));
        Assert.Equal("abc-7", callId);

        var result = encoder.Encode(Dialect.WriteToClient(new(HubMessageKind.Completion) { InvocationId = "abc-7", Value = Bytes("1") }));
        Assert.True(CallId.TryRead(result.Span, out var id));
        Assert.Equal("abc-7", id.Text);
    }

    [Fact]
    public void Half_a_character_is_written_as_a_whole_one()
    {
        var json = Dialect.WriteToServer(new(HubMessageKind.Invocation) { Hub = "a\ud800", Target = "\udc00b", InvocationId = "\ud800" });
        using var document = JsonDocument.Parse(json);
        Assert.Equal("a\ufffd", document.RootElement.GetProperty("H").GetString());
        Assert.Equal("\ufffdb", document.RootElement.GetProperty("M").GetString());
    }

    [Fact]
    public void What_cannot_be_written_is_an_argument_exception()
    {
        foreach (var kind in Enum.GetValues<HubMessageKind>())
        {
            // Without a hub or an id nothing can be written, but the answer to a call that had no id.
            if (kind != HubMessageKind.Completion)
            {
                Assert.Throws<ArgumentException>(() => Dialect.WriteToClient(new(kind)));
            }

            Assert.Throws<ArgumentException>(() => Dialect.WriteToServer(new(kind)));
        }

        Assert.Throws<ArgumentException>(() => Dialect.WriteToClient(new(HubMessageKind.CancelInvocation) { InvocationId = "1" }));
        Assert.Throws<ArgumentException>(() => Dialect.WriteToServer(new(HubMessageKind.Completion) { InvocationId = "1" }));
    }

    private static List<HubMessage> TryRead(int seed, Func<List<HubMessage>> read)
    {
        try
        {
            return read();
        }
        catch (ProtocolViolationException)
        {
            return [];
        }
        catch (Exception exception)
        {
            Assert.Fail($"Seed {seed}: {exception}");
            throw;
        }
    }

    private static void Check(string json, HubMessage message)
    {
        var payload = Dialect.WriteToClient(message);
        Assert.True(NestedPayload.TryRead(payload, out var written));
        Assert.Equal(json, Text(written.ToArray()));
    }

    private static List<HubMessage> ReadFromClient(byte[] bytes)
    {
        ReadOnlyMemory<byte> input = bytes;
        var messages = new List<HubMessage>();
        Dialect.ReadFromClient(ref input, messages);
        Assert.True(input.IsEmpty);
        return messages;
    }

    private static List<HubMessage> ReadFromServer(byte[] bytes)
    {
        ReadOnlyMemory<byte> input = bytes;
        var messages = new List<HubMessage>();
        Dialect.ReadFromServer(ref input, messages);
        Assert.True(input.IsEmpty);
        return messages;
    }

    private static string Describe(HubMessage message) =>
        $"{message.Kind} id={message.InvocationId ?? "-"} hub={message.Hub ?? "-"} target={message.Target} arguments={Text(message.Arguments.ToArray())}"
        + $" value={Text(message.Value.ToArray())} error={message.Error ?? "-"}{(message.IsHubException ? " hubException" : "")}{(message.HasState ? " state" : "")}";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
