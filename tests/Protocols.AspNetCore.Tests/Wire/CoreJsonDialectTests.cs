using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.AspNetCore.Tests.Support;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using HubMessage = Tandem.Routing.Dialects.HubMessage;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

public sealed class CoreJsonDialectTests() : CoreDialectTests(Dialect, Real, mutations: 20_000)
{
    private const string Separator = "\u001e";

    private static readonly CoreJsonDialect Dialect = CoreJsonDialect.Instance;
    private static readonly JsonHubProtocol Real = new();

    protected override byte[] Samples { get; } = string.Concat(new[]
    {
        """{"protocol":"json","version":1}""",
        """{"type":1,"target":"s\u0061y","arguments":["ü😀\ud83d\ude00",{"a":[1.5,null,true]}],"streamIds":["1"]}""",
        """{"type":4,"invocationId":"7","target":"count","arguments":[]}""",
        """{"type":2,"invocationId":"7","item":{"x":-1e5}}""",
        """{"type":3,"invocationId":"7","error":"An unexpected error occurred invoking 'X' on the server. HubException: y"}""",
        """{"type":3,"invocationId":"8","result":[]}""",
        """{"type":5,"invocationId":"7"}""",
        """{"type":6}""",
    }.Select(record => record + Separator)).Bytes();

    [Theory]
    [InlineData("""{"type":1,"target":"say","arguments":[]}""", "Invocation id=- hub=- target=say arguments=[] value= error=-")]
    [InlineData("""{"type":1,"invocationId":"7","target":"say","arguments":[1,{"a":[ ]}]}""", "Invocation id=7 hub=- target=say arguments=[1,{\"a\":[ ]}] value= error=-")]
    [InlineData(""" {"x":{"type":9},"arguments" : [ 1 ] ,"headers":{"a":"b"},"t\u0061rget":"\u0061","type":1} """, "Invocation id=- hub=- target=a arguments=[ 1 ] value= error=-")]
    [InlineData("""{"type":1,"target":"say","arguments":[],"streamIds":[]}""", "Invocation id=- hub=- target=say arguments=[] value= error=-")]
    [InlineData("""{"type":1,"target":"say","arguments":[],"streamIds":["1",[2],{"a":1}]}""", "Invocation id=- hub=- target=say arguments=[] value= error=- uploads")]
    [InlineData("""{"type":4,"invocationId":"7","target":"count","arguments":[3]}""", "Invocation id=7 hub=- target=count arguments=[3] value= error=- stream")]
    [InlineData("""{"type":2,"invocationId":"7","item":null}""", "StreamItem id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("""{"item":"x","invocationId":"7","type":2}""", "StreamItem id=7 hub=- target= arguments= value=\"x\" error=-")]
    [InlineData("""{"type":3,"invocationId":"7"}""", "Completion id=7 hub=- target= arguments= value= error=-")]
    [InlineData("""{"type":3,"invocationId":"7","error":null,"result":null}""", "Completion id=7 hub=- target= arguments= value=null error=-")]
    [InlineData("""{"type":3,"invocationId":"7","result":{"a":1e400}}""", "Completion id=7 hub=- target= arguments= value={\"a\":1e400} error=-")]
    [InlineData("""{"type":3,"invocationId":"7","error":""}""", "Completion id=7 hub=- target= arguments= value= error=")]
    [InlineData("""{"type":3,"invocationId":"7","error":"half \ud800."}""", "Completion id=7 hub=- target= arguments= value= error=half \ufffd.")]
    [InlineData("""{"type":5,"invocationId":"7"}""", "CancelInvocation id=7 hub=- target= arguments= value= error=-")]
    [InlineData("""{"type":6}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"type":7,"error":"x","allowReconnect":true}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"type":9,"sequenceId":1}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{"protocol":"json","version":1}""", "Other id=- hub=- target= arguments= value= error=-")]
    [InlineData("""{}""", "Other id=- hub=- target= arguments= value= error=-")]
    public void A_record_says(string record, string expected) => Assert.Equal(expected, Dialect.ReadOne((record + Separator).Bytes()).Describe());

    [Theory]
    [InlineData("", false)]
    [InlineData("}", false)]
    [InlineData(Separator, true)]
    [InlineData("}" + Separator + "{", true)]
    public void A_piece_may_complete_a_record_when_one_ends_in_it(string piece, bool may) => Assert.Equal(may, Dialect.MayComplete(piece.Bytes()));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"type":1,"target":"say","arguments":[]},""")]
    [InlineData("""{"type":"1","target":"say","arguments":[]}""")]
    [InlineData("""{"type":1.5,"target":"say","arguments":[]}""")]
    [InlineData("""{"type":1e400}""")]
    [InlineData("""{"type":1,"target":"say"}""")]
    [InlineData("""{"type":1,"arguments":[]}""")]
    [InlineData("""{"type":1,"target":"say","arguments":{}}""")]
    [InlineData("""{"type":1,"target":"say","arguments":null}""")]
    [InlineData("""{"type":1,"target":5,"arguments":[]}""")]
    [InlineData("""{"type":1,"target":"say","arguments":[],"streamIds":1}""")]
    [InlineData("""{"type":1,"invocationId":5,"target":"say","arguments":[]}""")]
    [InlineData("""{"type":4,"target":"say","arguments":[]}""")]
    [InlineData("""{"type":2,"item":1}""")]
    [InlineData("""{"type":2,"invocationId":"1"}""")]
    [InlineData("""{"type":3}""")]
    [InlineData("""{"type":3,"invocationId":"1","error":"x","result":1}""")]
    [InlineData("""{"type":5}""")]
    public void What_is_no_message_is_a_violation(string record) =>
        Assert.Throws<ProtocolViolationException>(() => Dialect.ReadAll((record + Separator).Bytes()));

    [Theory]
    [InlineData("An unexpected error occurred invoking 'Fail' on the server. HubException: It's 'mine': yes.", "It's 'mine': yes.", true)]
    [InlineData("An unexpected error occurred invoking 'Fail' on the server. HubException: ", "", true)]
    [InlineData("An error occurred on the server while streaming results. HubException: over", "over", true)]
    [InlineData("An unexpected error occurred invoking 'Fail' on the server.", null, false)]
    [InlineData("An unexpected error occurred invoking 'Fail' on the server. InvalidOperationException: no", null, false)]
    [InlineData("An unexpected error occurred invoking 'Fail' on the server. MyHubException: no", null, false)]
    [InlineData("HubException: no", null, false)]
    [InlineData("Failed to invoke 'Fail' because user is unauthorized", null, false)]
    public void An_error_made_for_clients_is_told_from_others(string error, string? message, bool isHubException)
    {
        var json = Dialect.ReadOne((JsonSerializer.Serialize(new { type = 3, invocationId = "1", error }) + Separator).Bytes());
        var binary = CoreMessagePackDialect.Instance.ReadOne(new MessagePackHubProtocol().GetMessageBytes(CompletionMessage.WithError("1", error)).ToArray());
        Assert.Equal((message ?? error, isHubException), (json.Error, json.IsHubException));
        Assert.Equal((message ?? error, isHubException), (binary.Error, binary.IsHubException));
    }

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded(int levels, bool allowed)
    {
        var record = $$"""{"type":1,"target":"say","arguments":[{{new string('[', levels)}}{{new string(']', levels)}}]}""" + Separator;
        if (allowed)
        {
            Assert.Equal((2 * levels) + 2, Dialect.ReadOne(record.Bytes()).Arguments.Length);
        }
        else
        {
            Assert.Throws<ProtocolViolationException>(() => Dialect.ReadAll(record.Bytes()));
        }
    }

    [Fact]
    public void Values_are_slices_of_the_input()
    {
        ReadOnlyMemory<byte> input = Samples;
        var all = input;
        var messages = new List<HubMessage>();
        Dialect.ReadFromClient(ref input, messages);
        Assert.All(messages.Where(message => !message.Arguments.IsEmpty), message => Assert.True(all.Span.Overlaps(message.Arguments.Span)));
    }

    [Fact]
    public void Arguments_are_written_as_the_real_protocol_writes_them()
    {
        var argument = JsonDocument.Parse("""{"a":[1,null,"ü😀"]}""").RootElement;
        Check(new InvocationMessage("say", [1, argument]), new(HubMessageKind.Invocation) { Target = "say", Arguments = """[1,{"a":[1,null,"ü\uD83D\uDE00"]}]""".Bytes() });
    }

    [Fact]
    public void What_it_writes_the_real_protocol_reads()
    {
        var written = new ReadOnlySequence<byte>(Dialect.WriteToClient(new(HubMessageKind.Invocation)
        {
            InvocationId = "7\ud800",
            Target = "say\ud800",
            Arguments = """[18446744073709551615,-9223372036854775808,5E-324,"\u0000ü😀",null,"AQID"]""".Bytes(),
        }));
        var binder = new AnyTypeBinder(typeof(ulong), typeof(long), typeof(double), typeof(string), typeof(object), typeof(byte[]));
        Assert.True(Real.TryParseMessage(ref written, binder, out var message));
        var invocation = Assert.IsType<InvocationMessage>(message);
        Assert.Equal(("7\ufffd", "say\ufffd"), (invocation.InvocationId, invocation.Target));
        Assert.Equal([ulong.MaxValue, long.MinValue, double.Epsilon, "\0ü😀", null, new byte[] { 1, 2, 3 }], invocation.Arguments);
    }
}
