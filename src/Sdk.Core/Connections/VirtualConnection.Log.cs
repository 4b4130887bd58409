using Microsoft.Extensions.Logging;

namespace Tandem.Sdk.Core;

internal sealed partial class VirtualConnection
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Connection {ConnectionId} is closed: hub {Hub} does not keep up with its messages.", EventName = "HubTooSlow")]
        public static partial void HubTooSlow(ILogger logger, string connectionId, string hub);

        [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId} moves to app server {ServerId}.", EventName = "MovesAway")]
        public static partial void MovesAway(ILogger logger, string connectionId, string serverId);

        [LoggerMessage(3, LogLevel.Error, "Hub {Hub} failed for connection {ConnectionId}.", EventName = "HubFailed")]
        public static partial void HubFailed(ILogger logger, Exception exception, string connectionId, string hub);

        [LoggerMessage(4, LogLevel.Debug, "Culture {Culture} of connection {ConnectionId} is not known here.", EventName = "UnknownCulture")]
        public static partial void UnknownCulture(ILogger logger, string culture, string connectionId);

        [LoggerMessage(5, LogLevel.Warning, "Connection {ConnectionId} is closed: its token comes from elsewhere, and the policies of hub {Hub} do not let its user in.", EventName = "NotAuthorized")]
        public static partial void NotAuthorized(ILogger logger, string connectionId, string hub);
    }
}
