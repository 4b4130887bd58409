using Microsoft.Extensions.Logging;

namespace Tandem.Sdk.Connections;

internal sealed partial class ServerConnectionSet
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Server connection {ServerConnectionId} of hub {Hub} to {Endpoint} is up.", EventName = "Connected")]
        public static partial void Connected(ILogger logger, string serverConnectionId, string hub, TandemEndpoint endpoint);

        [LoggerMessage(2, LogLevel.Warning, "Hub {Hub} could not connect to {Endpoint}; it tries again.", EventName = "ConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, Exception exception, string hub, TandemEndpoint endpoint);

        [LoggerMessage(3, LogLevel.Warning, "Server connection {ServerConnectionId} of hub {Hub} to {Endpoint} is lost, and its clients with it.", EventName = "Lost")]
        public static partial void Lost(ILogger logger, Exception? exception, string serverConnectionId, string hub, TandemEndpoint endpoint);

        [LoggerMessage(4, LogLevel.Debug, "The gateway asked for a connection to {Target} of hub {Hub} at {Endpoint}; the limit is reached.", EventName = "OnDemandRefused")]
        public static partial void OnDemandRefused(ILogger logger, string target, string hub, TandemEndpoint endpoint);

        [LoggerMessage(5, LogLevel.Information, "The gateway did not acknowledge the shutdown of server connection {ServerConnectionId} of hub {Hub} in time.", EventName = "ShutdownNotAcknowledged")]
        public static partial void ShutdownNotAcknowledged(ILogger logger, string serverConnectionId, string hub);

        [LoggerMessage(6, LogLevel.Warning, "Hub {Hub} could not open one more server connection to {Endpoint}, as the gateway had asked; the gateway asks again if it still wants one.", EventName = "OnDemandFailed")]
        public static partial void OnDemandFailed(ILogger logger, Exception exception, string hub, TandemEndpoint endpoint);
    }
}
