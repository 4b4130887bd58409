using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class ServicePingTests
{
    [Fact]
    public void A_status_answer_says_whether_there_are_clients_and_how_many()
    {
        Assert.Equal(
            MessageText.Of(new PingMessage([new("status", "1"), new("clientcount", "12000"), new("servercount", "5"), new("capacity", "100000")])),
            MessageText.Of(ServicePing.Status(12_000, 5, 100_000)));
        Assert.Equal(
            MessageText.Of(new PingMessage([new("status", "0"), new("clientcount", "0"), new("servercount", "0")])),
            MessageText.Of(ServicePing.Status(0, 0, null)));
    }

    [Fact]
    public void A_servers_answer_is_a_timestamp_and_the_ids()
    {
        Assert.Equal("1700000000000:a;b", ServicePing.Servers(1_700_000_000_000, ["a", "b"])["servers"]);
        Assert.Equal("7:", ServicePing.Servers(7, [])["servers"]);
    }

    [Fact]
    public void The_first_pair_with_a_key_counts_and_case_matters()
    {
        var ping = new PingMessage([new("a", "1"), new("A", "2"), new("a", "3")]);

        Assert.Equal("1", ping["a"]);
        Assert.Equal("2", ping["A"]);
        Assert.Null(ping["b"]);
        Assert.Null(PingMessage.KeepAlive["a"]);
    }

    [Theory]
    [InlineData(ServicePing.ShutdownKey, ServicePing.FinMigrate, "119303A873687574646F776EA566696E3A31")]
    [InlineData(ServicePing.ShutdownKey, ServicePing.FinAck, "129303A873687574646F776EA666696E61636B")]
    [InlineData(ServicePing.OfflineKey, "i1", "0D9303A76F66666C696E65A26931")]
    [InlineData(ServicePing.StatusKey, "1", "0B9303A6737461747573A131")]
    public void Pings_with_news_have_their_pairs_inline(string key, string value, string hex)
    {
        var frame = ServiceProtocolWriter.WriteToArray(new PingMessage(key, value));

        Assert.Equal(hex, Convert.ToHexString(frame));
        Assert.Equal(value, Assert.IsType<PingMessage>(ServiceProtocolReader.Read(Frames.Body(frame)))[key]);
    }

    [Fact]
    public void The_ping_without_news_is_one_and_the_same()
    {
        Assert.Same(PingMessage.KeepAlive, ServiceProtocolReader.Read(GoldenFrames.All["Ping"].Body));
    }
}
