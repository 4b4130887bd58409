using System.Text;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Microsoft.AspNet.SignalR.Messaging;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

// What the gateway says on the server connections of the application.
internal sealed partial class ClassicRuntime
{
    public void OnConnected(ServerConnectionClient connection)
    {
        if (Resolver.Resolve<IMessageBus>() is not GatewayMessageBus)
        {
            // UseRedis() and its like, after the mapping: from then on nothing that hubs send would reach a client.
            Log.BusReplaced(_logger, Options.ApplicationName);
        }

        bool hasHubs, hasProxies;
        lock (_lock)
        {
            hasHubs = _endpoints.Exists(static endpoint => endpoint.IsHubs);
            hasProxies = _endpoints.Exists(static endpoint => endpoint.HasProxies);
        }

        if (!hasHubs)
        {
            return;
        }

        try
        {
            // For clients that negotiate with the gateway itself and load the script from there. Without proxies it says that there are none.
            var generator = hasProxies ? Resolver.Resolve<IJavaScriptProxyGenerator>() : new EmptyJavaScriptProxyGenerator();
            connection.Post(new PingMessage(ServicePing.ProxiesKey, generator.GenerateProxy(ServicePing.ProxiesUrl)));
        }
        catch (Exception exception)
        {
            Log.NoProxies(_logger, exception, Options.ApplicationName);
        }
    }

    public void OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload)
    {
        var id = Encoding.UTF8.GetString(connectionId.ToArray());
        if (_clients.TryGetValue(id, out var client))
        {
            client.Receive(payload);
        }
        else
        {
            // Quite normal: the connection has been ended here while the client was still sending.
            Log.UnknownConnection(_logger, id, Options.ApplicationName);
        }
    }

    public void OnMessage(ServerConnectionClient connection, ServiceMessage message)
    {
        switch (message)
        {
            case OpenConnectionMessage open:
                Open(connection, open);
                break;
            case CloseConnectionMessage close:
                // A connection that has moved on to another server connection is not closed by what the old one still had to say.
                if (_clients.TryGetValue(close.ConnectionId, out var closing) && closing.Server == connection)
                {
                    closing.CloseByGateway(close.Error);
                }

                break;
            case PingMessage ping when ping[ServicePing.OfflineKey] is { Length: > 0 } instance:
                Lose(client => client.Server == connection && client.InstanceId == instance);
                break;
            case ServiceEventMessage or PingMessage or UnknownMessage or ConnectionReconnectMessage:
                break;
            default:
                Log.UnexpectedMessage(_logger, message.GetType().Name, connection.Id, connection.Hub);
                break;
        }
    }

    public void OnClosed(ServerConnectionClient connection, Exception? error) => Lose(client => client.Server == connection);

    private void Open(ServerConnectionClient connection, OpenConnectionMessage open)
    {
        while (true)
        {
            // The same client again: the gateway has paired it anew, and noticed before this side did that its server connection was lost.
            _clients.TryGetValue(open.ConnectionId, out var previous);
            previous?.CloseByLoss();
            var client = new ClassicConnection(this, connection, open, previous?.Completion ?? Task.CompletedTask, _logger);
            if (previous is null ? _clients.TryAdd(open.ConnectionId, client) : _clients.TryUpdate(open.ConnectionId, client, previous))
            {
                client.Start();
                return;
            }
        }
    }

    private void Lose(Func<ClassicConnection, bool> which)
    {
        foreach (var client in _clients.Values)
        {
            if (which(client))
            {
                client.CloseByLoss();
            }
        }
    }

    /// <summary>Listens to the server connections of a hub, which carry messages down and none up.</summary>
    private sealed class BroadcastOnlyHandler : IServerConnectionHandler
    {
        private readonly ILogger _logger;

        public BroadcastOnlyHandler(ILogger logger)
        {
            _logger = logger;
        }

        public void OnConnected(ServerConnectionClient connection)
        {
        }

        public void OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload)
        {
        }

        public void OnMessage(ServerConnectionClient connection, ServiceMessage message)
        {
            if (message is not (ServiceEventMessage or PingMessage or UnknownMessage or ConnectionReconnectMessage))
            {
                Log.UnexpectedMessage(_logger, message.GetType().Name, connection.Id, connection.Hub);
            }
        }

        public void OnClosed(ServerConnectionClient connection, Exception? error)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Application {Application} is served through the gateway at {EndpointCount} endpoint(s).", EventName = "ApplicationStarts")]
        public static partial void ApplicationStarts(ILogger logger, string application, int endpointCount);

        [LoggerMessage(2, LogLevel.Warning, "Application {Application} has no hubs: no public class derived from Hub is in the loaded assemblies.", EventName = "NoHubs")]
        public static partial void NoHubs(ILogger logger, string application);

        [LoggerMessage(3, LogLevel.Warning, "The proxy script of application {Application} could not be made.", EventName = "NoProxies")]
        public static partial void NoProxies(ILogger logger, Exception exception, string application);

        [LoggerMessage(4, LogLevel.Debug, "A message for connection {ConnectionId} of application {Application}, which is not here, is dropped.", EventName = "UnknownConnection")]
        public static partial void UnknownConnection(ILogger logger, string connectionId, string application);

        [LoggerMessage(5, LogLevel.Warning, "A {MessageType} on server connection {ServerConnectionId} of {Hub} was not expected.", EventName = "UnexpectedMessage")]
        public static partial void UnexpectedMessage(ILogger logger, string messageType, string serverConnectionId, string hub);

        [LoggerMessage(6, LogLevel.Warning, "The shutdown timeout has passed; {ClientCount} clients are closed.", EventName = "ClientsLeft")]
        public static partial void ClientsLeft(ILogger logger, int clientCount);

        [LoggerMessage(
            8, LogLevel.Error,
            "Another message bus has been registered for application {Application}: what its hubs send is lost. Remove the backplane; the gateway is in its place.",
            EventName = "BusReplaced")]
        public static partial void BusReplaced(ILogger logger, string application);

        [LoggerMessage(7, LogLevel.Warning, "{ClientCount} clients' hubs did not end in time.", EventName = "HubsStillBusy")]
        public static partial void HubsStillBusy(ILogger logger, int clientCount);
    }
}
