namespace Tandem.Gateway.ServerConnections;

/// <content>What is logged.</content>
internal sealed partial class ServerConnection
{
    private void LogEnd()
    {
        var reason = (ServerConnectionEnd)Volatile.Read(ref _end);
        _services.Metrics.Ended(reason);
        var level = reason is ServerConnectionEnd.AppServerClosed or ServerConnectionEnd.Shutdown ? LogLevel.Debug : LogLevel.Warning;
        Log.Ended(_services.Logger, level, ServerConnectionId, Hub.Key, ServerId, reason, _endDetail);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "Ended", Message = "Server connection {ServerConnectionId} of hub {Hub} (app server {ServerId}) ended: {Reason}. {Detail}")]
        public static partial void Ended(ILogger logger, LogLevel level, string serverConnectionId, string hub, string serverId, ServerConnectionEnd reason, string? detail);

        [LoggerMessage(2, LogLevel.Error, "Server connection {ServerConnectionId} of hub {Hub} failed.", EventName = "Failed")]
        public static partial void Failed(ILogger logger, Exception exception, string serverConnectionId, string hub);

        [LoggerMessage(3, LogLevel.Warning, "Server connection {ServerConnectionId} of hub {Hub} sent a message of type {MessageType} that cannot be read; skipped. {Error}", EventName = "Unreadable")]
        public static partial void Unreadable(ILogger logger, string serverConnectionId, string hub, int messageType, string error);

        [LoggerMessage(4, LogLevel.Warning, "Server connection {ServerConnectionId} of hub {Hub} sent a message of type {MessageType} that is larger than {MaxMessageBytes} bytes (Servers:MaxMessageBytes); skipped.", EventName = "Oversized")]
        public static partial void Oversized(ILogger logger, string serverConnectionId, string hub, int messageType, int maxMessageBytes);
    }
}
