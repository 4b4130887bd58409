using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore;

/// <summary>Names of transports.</summary>
internal static class ClientTransportsNames
{
    /// <summary>Value of metric tags.</summary>
    public static string ToTag(this ClientTransports transport) => transport switch
    {
        ClientTransports.WebSockets => "webSockets",
        ClientTransports.ServerSentEvents => "serverSentEvents",
        ClientTransports.LongPolling => "longPolling",
        _ => "none",
    };
}
