using System.Text;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing;

namespace Tandem.Protocols.AspNet.Tests.Wire;

public sealed class ClassicFrameEncoderTests
{
    private readonly ClassicFrameEncoder _encoder = new(new ClassicCursors("node"));

    [Fact]
    public void It_takes_the_json_of_classic_app_servers()
    {
        Assert.Equal("json", _encoder.HubProtocol);
        Assert.Equal(ProtocolFamily.Classic, _encoder.Family);
    }

    [Theory]
    [InlineData("""{"C":"0","M":[{"H":"chat","M":"say","A":["x"]}]}""", """{"C":"node0000000000000001","M":[{"H":"chat","M":"say","A":["x"]}]}""")]
    [InlineData("""{"C":"0","M":[]}""", """{"C":"node0000000000000001","M":[]}""")]
    [InlineData("""{"C":"0","M":["\"]}"]}""", """{"C":"node0000000000000001","M":["\"]}"]}""")]
    [InlineData("""{"M":[1,[2]],"C":"d-1"}""", """{"C":"node0000000000000001","M":[1,[2]]}""")]
    [InlineData("""{ "C" : "0" , "S":1, "M" : [ 1 ] } """, """{"C":"node0000000000000001","M":[ 1 ]}""")]
    [InlineData("{\"C\":\"0\",\"M\":[1,\r\n2]}", """{"C":"node0000000000000001","M":[1,  2]}""")]
    public void Messages_get_the_cursor_of_the_node(string json, string frame) => Assert.Equal(frame, Encode(NestedPayload.Wrap(Bytes(json))));

    [Theory]
    [InlineData("""{"I":"0"}""")]
    [InlineData("""{"S":{"a":1},"R":"x","I":"0"}""")]
    [InlineData("""{"R":"x","I":null}""")]
    public void A_result_stays_as_it_is(string json) => Assert.Equal(json, Encode(NestedPayload.Wrap(Bytes(json))));

    [Fact]
    public void A_result_becomes_one_line() => Assert.Equal("{  \"I\": \"0\" }", Encode(NestedPayload.Wrap(Bytes("{\r\n\"I\": \"0\"\n}"))));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("""{"C":"0"}""")]
    [InlineData("""{"C":"0","M":{}}""")]
    [InlineData("""[{"I":"0"}]""")]
    [InlineData("""{"I":"0"} x""")]
    [InlineData("""{"I":"0" """)]
    [InlineData("""{ "C":"0","M":[}""")]
    public void What_is_neither_is_not_sent(string json) => Assert.Empty(Encode(NestedPayload.Wrap(Bytes(json))));

    [Theory]
    [InlineData("""{"C":"0","M":[]}""")]
    [InlineData("\u007f")]
    [InlineData("")]
    public void A_payload_that_is_not_nested_is_not_sent(string payload) => Assert.Empty(Encode(Bytes(payload)));

    [Fact]
    public void A_nested_payload_cut_anywhere_is_not_sent_or_stays_whole()
    {
        var whole = NestedPayload.Wrap(Bytes("""{"R":"x","I":"0"}"""));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Empty(Encode(whole[..length]));
        }
    }

    [Fact]
    public void A_result_nested_very_deeply_stays_as_it_is()
    {
        var json = "{\"R\":" + new string('[', 100_000) + new string(']', 100_000) + ",\"I\":\"0\"}";
        Assert.Equal(json, Encode(NestedPayload.Wrap(Bytes(json))));
    }

    [Fact]
    public void Json_nested_very_deeply_is_not_sent_and_does_no_harm() =>
        Assert.Empty(Encode(NestedPayload.Wrap(Bytes("{\"I\":" + new string('[', 100_000)))));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private string Encode(byte[] payload) => Encoding.UTF8.GetString(_encoder.Encode(payload).Span);
}
