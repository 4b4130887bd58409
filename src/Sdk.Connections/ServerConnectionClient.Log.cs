using Microsoft.Extensions.Logging;

namespace Tandem.Sdk.Connections;

internal sealed partial class ServerConnectionClient
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Server connection {ServerConnectionId} of hub {Hub} received a malformed message; it is skipped.", EventName = "MalformedMessage")]
        public static partial void MalformedMessage(ILogger logger, Exception exception, string serverConnectionId, string hub);

        [LoggerMessage(2, LogLevel.Warning, "The gateway ends server connection {ServerConnectionId} of hub {Hub}: {Reason}", EventName = "ServiceError")]
        public static partial void ServiceError(ILogger logger, string serverConnectionId, string hub, string reason);

        [LoggerMessage(3, LogLevel.Error, "A {MessageType} on server connection {ServerConnectionId} of hub {Hub} could not be handled.", EventName = "MessageFailed")]
        public static partial void MessageFailed(ILogger logger, Exception exception, string messageType, string serverConnectionId, string hub);
    }
}
