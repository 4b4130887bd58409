using System.Text;
using Tandem.Protocols.AspNet.Endpoints;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Tests.Endpoints;

public sealed class ClassicNegotiateEndpointTests
{
    [Fact]
    public void The_answer_is_that_of_AspNet_SignalR() => Assert.Equal(
        """{"Url":"/signalr","ConnectionToken":"a+b/c=","ConnectionId":"id","KeepAliveTimeout":20.0,"DisconnectTimeout":30.0,"ConnectionTimeout":110.0,"TryWebSockets":true,"ProtocolVersion":"1.5","TransportConnectTimeout":5.0,"LongPollDelay":0.0}""",
        Write(new ClassicProtocolOptions(), ClientTransports.All));

    [Fact]
    public void Without_keep_alives_there_is_no_timeout_and_parts_of_seconds_are_said() => Assert.Equal(
        """{"Url":"/signalr","ConnectionToken":"a+b/c=","ConnectionId":"id","KeepAliveTimeout":null,"DisconnectTimeout":30.5,"ConnectionTimeout":110.0,"TryWebSockets":false,"ProtocolVersion":"1.5","TransportConnectTimeout":5.0,"LongPollDelay":0.25}""",
        Write(
            new ClassicProtocolOptions { KeepAlive = null, DisconnectTimeout = TimeSpan.FromSeconds(30.5), LongPollDelay = TimeSpan.FromMilliseconds(250) },
            ClientTransports.LongPolling));

    private static string Write(ClassicProtocolOptions options, ClientTransports allowed) =>
        Encoding.UTF8.GetString(ClassicNegotiateEndpoint.Write("/signalr", "a+b/c=", "id", ClassicTimes.Of(options, null), allowed, new Version(1, 5)).Span);
}
